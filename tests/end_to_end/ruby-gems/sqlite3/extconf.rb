require "mkmf"

abort "SQLite is missing" unless have_library("sqlite3", "sqlite3_libversion")
create_makefile("sqlite3/version_of_library")
