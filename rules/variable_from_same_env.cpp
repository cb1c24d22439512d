// Fires on an ENV that uses a variable set by the same instruction. All values of an instruction are read before any is
// set, so the use sees the previous value, of which there is none; and of two values for one variable, the first is
// lost.
#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "lint/rule.hpp"
#include "model/site.hpp"

namespace dockhew::rules {
namespace {

bool is_name(char c) { return ('a' <= c && c <= 'z') || ('A' <= c && c <= 'Z') || ('0' <= c && c <= '9') || c == '_'; }

// Calls `visit` with what follows each `$` or `${` that is not escaped.
template <typename Visit>
void each_use(std::string_view text, const Visit& visit) {
  for (auto at = text.find('$'); at != text.npos; at = text.find('$', at + 1)) {
    if (at > 0 && text[at - 1] == '\\') continue;
    auto rest = text.substr(at + 1);
    if (rest.starts_with('{')) rest.remove_prefix(1);
    visit(rest);
  }
}

// The pairs of one ENV by their names: the first of each.
class Pairs {
 public:
  explicit Pairs(const std::vector<NameValue>& pairs) : pairs_(pairs) {
    for (std::size_t i = 0; i < pairs.size(); ++i) {
      const std::string_view name = pairs[i].name;
      if (!name.empty() && std::ranges::all_of(name, is_name)) named_.emplace(name, i);
      else odd_.push_back(i);
    }
  }

  // Those that the text uses as `$NAME` or `${NAME`, in order.
  std::set<std::size_t> used_by(std::string_view text) const {
    std::set<std::size_t> used;
    each_use(text, [&](std::string_view rest) {
      const auto end = std::ranges::find_if_not(rest, is_name) - rest.begin();
      if (const auto found = named_.find(rest.substr(0, static_cast<std::size_t>(end))); found != named_.end())
        used.insert(found->second);
      for (const auto i : odd_) {
        const std::string_view name = pairs_[i].name;
        if (rest.starts_with(name) && (rest.size() == name.size() || !is_name(rest[name.size()]))) used.insert(i);
      }
    });
    return used;
  }

 private:
  const std::vector<NameValue>& pairs_;
  std::map<std::string_view, std::size_t> named_;
  std::vector<std::size_t> odd_;  // names that BuildKit would not read as one
};

// PATH is set in every image. The base image may set other variables too, but then the author would hardly set them
// again here.
bool is_set_before(const Site& site, const std::string& name) {
  if (name == "PATH") return true;
  if (site.stage.environment.find(name, site.step.bindings) != nullptr) return true;
  return site.variable(name).is_known();
}

// `ENV PATH=/a:$PATH PATH=/b:$PATH`: the second value is made of what PATH was before the instruction, so the first is
// lost.
void check_repeated(const std::vector<NameValue>& pairs, Report& report) {
  std::map<std::string_view, std::size_t> last;
  for (std::size_t i = 0; i < pairs.size(); ++i) {
    const auto [earlier, is_first] = last.emplace(pairs[i].name, i);
    if (is_first) continue;
    report.add(pairs[earlier->second].span, "`" + pairs[i].name +
                                                "` is set again by this same instruction, so this value is lost; "
                                                "remove it, or split the ENV in two");
    earlier->second = i;
  }
}

void check(const Dockerfile& file, Report& report) {
  for (const auto& stage : file.stages())
    for (const auto& step : stage.steps) {
      if (step.instruction->keyword != Keyword::env || step.instruction->pairs.size() < 2) continue;
      const auto& pairs = step.instruction->pairs;
      check_repeated(pairs, report);
      const Pairs by_name(pairs);
      for (const auto& pair : pairs)
        for (const auto i : by_name.used_by(pair.value)) {
          const auto& other = pairs[i];
          if (pair.name == other.name || is_set_before({file, stage, step}, other.name)) continue;
          report.add(
              pair.value_span,
              "`" + other.name + "` is set by this same instruction, so it is still empty here; split the ENV in two",
              {"DL3044"});
          break;
        }
    }
}

}  // namespace

extern constinit const Rule variable_from_same_env = {
    .id = "variable-from-same-env",
    .aliases = {"DL3044"},
    .category = Category::correctness,
    .severity = Severity::warning,
    .summary = "an ENV uses or sets again a variable that it sets itself",
    .rationale =
        R"(`ENV A=/opt B=$A/bin` sets `B` to `/bin`: variables keep their previous values throughout the instruction.
Split it in two: `ENV A=/opt`, then `ENV B=$A/bin`. For the same reason, `ENV PATH=/a:$PATH PATH=/b:$PATH` adds `/b` only.)",
    .fix = std::nullopt,
    .check = check,
};

}  // namespace dockhew::rules
