// A shared library that is no plugin.
extern "C" int a_function_of_some_library(void);
int a_function_of_some_library(void) { return 1; }
