// Does nothing: it is here to have its precompiled header made, see CMakeLists.txt.
int main() { return 0; }
