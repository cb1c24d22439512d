#include "text/json.hpp"

#include <doctest/doctest.h>

#include <limits>

#include "text/limits.hpp"

using namespace dockhew;

namespace {

std::string nested(std::size_t levels) { return std::string(levels, '[') + std::string(levels, ']'); }

}  // namespace

TEST_CASE("JSON is written with its members in their order") {
  Json document = {{"b", 1}, {"a", Json::array("x", true, Json())}, {"empty", Json::array()}, {"none", Json::object()}};
  document["list"].push_back({{"deep", -2}});
  CHECK(document.dump() == R"({"b":1,"a":["x",true,null],"empty":[],"none":{},"list":[{"deep":-2}]})");
  CHECK(Json{{"a", Json::array(1, 2)}}.dump(2) == "{\n  \"a\": [\n    1,\n    2\n  ]\n}");
}

TEST_CASE("numbers and text of JSON") {
  CHECK(Json::array(1.0, 0.5, 1e20, std::numeric_limits<double>::infinity()).dump() == "[1.0,0.5,1e+20,null]");
  CHECK(Json(std::numeric_limits<std::uint64_t>::max()).dump() == "18446744073709551615");
  CHECK(Json("a\"\\\n\x01\x7F\xC3\xA4").dump() == "\"a\\\"\\\\\\n\\u0001\\u007f\xC3\xA4\"");
  CHECK(Json("\xC2\x9B\xE2\x80\xAE\xF3\xA0\x80\x81").dump() == "\"\\u009b\\u202e\\udb40\\udc01\"");
  CHECK(Json("a\xFFz").dump() == "\"a\xEF\xBF\xBDz\"");
}

TEST_CASE("JSON is read") {
  const auto document = parse_json(R"({"z": {"n": 7}, "a": ["x", 1], "z": {"n": 8}, "s": "text"})").value;
  CHECK(document.dump() == R"({"z":{"n":8},"a":["x",1],"s":"text"})");
  CHECK(document.find("z")->integer_at("n") == 8);
  CHECK(document.string_at("s") == "text");
  CHECK(document.string_at("a").empty());
  CHECK(document.elements_at("a").size() == 2);
  CHECK_FALSE(document.contains("n"));
  CHECK(parse_json("[1] // why", JsonComments::ignored).value.is_array());
}

TEST_CASE("what is not JSON gives an error and no value") {
  for (const auto* text : {"", "{", "[1,]", "{\"a\" 1}", "1 2", "\"\xFF\"", "[1] // why", "1e999"}) {
    const auto result = parse_json(text);
    CHECK(result.value.is_null());
    CHECK_FALSE(result.error.empty());
  }
  CHECK(parse_json(nested(limits::deepest_nesting)).error.empty());
  CHECK(parse_json(nested(limits::deepest_nesting + 1)).error == "nested deeper than 200 levels");
  CHECK(parse_json(std::string(1 << 20, '[')).error == "nested deeper than 200 levels");
  std::string many = "[0";
  for (std::size_t i = 2; i < limits::json_values; ++i) many += ",0";
  CHECK(parse_json(many + "]").error.empty());
  CHECK(parse_json(many + ",0]").error == "more than 1000000 values");
}
