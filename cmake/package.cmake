# Debian packages: `chunkmill` has the program and all plugins, `chunkmill-dev` the SDK and the host as a library. `./dev package`
# makes both; cpack in build/release does the same without building anything.
set(CMAKE_SKIP_INSTALL_ALL_DEPENDENCY ON)  # the product without the tests is enough
set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_VENDOR chunkmill)
set(CPACK_PACKAGE_CONTACT "the authors of chunkmill <chunkmill@localhost>")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "plugin-based ETL host")
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_STRIP_FILES ON)
set(CPACK_RESOURCE_FILE_LICENSE ${PROJECT_SOURCE_DIR}/LICENSE)

set(CPACK_COMPONENTS_ALL program sdk host)
set(CPACK_COMPONENT_SDK_GROUP dev)
set(CPACK_COMPONENT_HOST_GROUP dev)
set(CPACK_COMPONENT_PROGRAM_GROUP program)

set(CPACK_DEB_COMPONENT_INSTALL ON)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SECTION utils)
set(CPACK_DEBIAN_PROGRAM_PACKAGE_NAME chunkmill)
set(CPACK_DEBIAN_PROGRAM_PACKAGE_SHLIBDEPS ON)
set(CPACK_COMPONENT_PROGRAM_DESCRIPTION "Runs jobs that load, calculate and store rows in chunks.\n The host and its plugins.")
set(CPACK_DEBIAN_DEV_PACKAGE_NAME chunkmill-dev)
set(CPACK_DEBIAN_DEV_PACKAGE_SECTION libdevel)
set(CPACK_DEBIAN_DEV_PACKAGE_DEPENDS "chunkmill (= ${PROJECT_VERSION})")
set(CPACK_COMPONENT_GROUP_DEV_DESCRIPTION "Headers and CMake files to build plugins for chunkmill, and the host as a library.")
include(CPack)
