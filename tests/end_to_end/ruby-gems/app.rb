require "sqlite3/version_of_library"

puts SQLite3.version_of_library.start_with?("3.")
