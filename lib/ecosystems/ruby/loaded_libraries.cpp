#include "ecosystems/ruby/loaded_libraries.hpp"

#include <algorithm>

#include "ecosystems/project_sources.hpp"
#include "ecosystems/ruby/runtime.hpp"
#include "text/words.hpp"

namespace dockhew::inline ecosystems {
namespace {

constexpr std::size_t longest_call = 400;  // with what stands on its line before it
constexpr std::string_view loading_calls[] = {"dlopen", "dlload", "ffi_lib"};

struct Libraries {
  const Dockerfile& file;
  const Stage& stage;
  std::vector<std::string> packages;
  Obstacle obstacle;

  // `name`: as a call has it: "pq", "libpq.so.5", "libcurl".
  void add(std::string_view written, const std::string& path) {
    if (obstacle || written.find('/') != written.npos) return;  // of the project itself
    auto name = written.substr(0, written.find(".so"));
    const auto table = file.facts().needed_packages.find("bundler-libraries");
    auto known = table->second.find(name);
    if (known == table->second.end() && name.starts_with("lib")) known = table->second.find(name.substr(3));
    if (known != table->second.end()) {
      for (const auto package : split_words(known->second)) packages.emplace_back(package);
    } else if (!is_installed(name)) {
      obstacle = Declined{"`" + path + "` loads the library `" + std::string(name) +
                          "`, and which package has it is not known; install that in the Dockerfile"};
    }
  }

  // Whether a RUN installs a package that is named as the library.
  bool is_installed(std::string_view library) const {
    if (library.starts_with("lib")) library.remove_prefix(3);
    return std::ranges::any_of(stage.steps, [&](const Step& step) {
      return step.script && std::ranges::any_of(step.script->uses, [&](const ToolUse& use) {
               return use.tool->packages.of_system && use.action->kind == ActionKind::install &&
                      std::ranges::any_of(use.operands, [&](std::size_t i) {
                        return use.command->words[i].raw.find(library) != std::string::npos;
                      });
             });
    });
  }
};

bool is_quote(char c) { return c == '"' || c == '\''; }

// The texts in the rest of the line behind a call; none where the line says that they are in the project.
std::vector<std::string_view> texts_behind(std::string_view source, std::size_t at) {
  source = source.substr(at, longest_call);
  const auto line = source.substr(0, source.find('\n'));
  std::vector<std::string_view> texts;
  for (const std::string_view place : {"__dir__", "__FILE__", "File.", "Rails.root"})
    if (line.find(place) != line.npos) return texts;
  for (std::size_t i = 0; i < line.size(); ++i) {
    if (!is_quote(line[i])) continue;
    const auto end = line.find(line[i], i + 1);
    if (end == line.npos) break;
    texts.push_back(line.substr(i + 1, end - i - 1));
    i = end;
  }
  return texts;
}

bool is_comment(std::string_view source, std::size_t at) {
  const auto begin = at - std::min(at, longest_call);
  const auto before = source.substr(begin, at - begin);
  return before.substr(before.rfind('\n') + 1).find('#') != before.npos;
}

template <typename Visit>
void for_each_call(std::string_view source, std::string_view call, const Visit& visit) {
  for (auto at = source.find(call); at != source.npos; at = source.find(call, at + 1)) {
    const auto end = at + call.size();
    const bool whole =
        (at == 0 || (source[at - 1] != '_' && std::isalnum(static_cast<unsigned char>(source[at - 1])) == 0)) &&
        end < source.size() && (source[end] == ' ' || source[end] == '(');
    if (whole && !is_comment(source, at)) visit(end);
  }
}

}  // namespace

Outcome<std::vector<std::string>> find_dlopened_libraries(const Dockerfile& file, const Stage& stage) {
  Libraries libraries{file, stage, {}, {}};
  for_each_source(file.context(), source_root(file, stage), ruby_runtime,
                  [&](const std::string& path, const std::string& text) {
                    for (const auto call : loading_calls)
                      for_each_call(text, call, [&](std::size_t end) {
                        for (const auto name : texts_behind(text, end)) libraries.add(name, path);
                      });
                  });
  if (libraries.obstacle) return *libraries.obstacle;
  return std::move(libraries.packages);
}

}  // namespace dockhew::inline ecosystems
