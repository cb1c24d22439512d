require "fiddle"

library = Fiddle.dlopen(File.join(__dir__, "ext/target/release/libcounter.so"))
count = Fiddle::Function.new(library["count_words"], [Fiddle::TYPE_VOIDP], Fiddle::TYPE_LONG)
puts count.call("one two three")
