/* Stands for the gem of this name, which no test can download: it links to the same library. */
#include <ruby.h>
#include <sqlite3.h>

static VALUE version_of_library(VALUE self) { return rb_str_new_cstr(sqlite3_libversion()); }

void Init_version_of_library(void) {
  rb_define_singleton_method(rb_define_module("SQLite3"), "version_of_library", version_of_library, 0);
}
