// The handler that the C++ library installs before `main`, and that `main` replaces. Its own prints the name of the
// exception's type, and for that brings a demangler of forty kilobytes into a static executable.
#include <cstdlib>

namespace __gnu_cxx {

void __verbose_terminate_handler();
void __verbose_terminate_handler() { std::abort(); }

}  // namespace __gnu_cxx
