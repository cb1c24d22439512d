// dockhew layers: what each kind of change rebuilds, before and after, without building anything.
#include <iostream>

#include "commands.hpp"
#include "configuration.hpp"
#include "files.hpp"
#include "ordered_work.hpp"
#include "registry/base_images.hpp"
#include "report/layers.hpp"
#include "report/page.hpp"
#include "said_once.hpp"
#include "writing.hpp"

namespace dockhew::cli {
namespace {

struct FileLayers {
  std::string report;     // in the format asked for
  std::string page;       // --html
  std::string complaint;  // then there is nothing else
};

FileLayers read_layers(const Options& options, const Inputs& inputs, const Facts& facts, const std::string& path) {
  auto read = read_file(path);
  const auto settings = settings_for(options, path);
  if (!read.error.empty()) return {"", "", complaint(path, read.error)};
  if (!settings.error.empty()) return {"", "", complaint("", settings.error)};  // which says its own place
  const auto original = Dockerfile::read(
      std::move(read.text), facts, [&](const Dockerfile& file) { return context_of(options, inputs, path, file); });
  if (const auto& too_large = original->document().too_large()) return {"", "", complaint(path, too_large->message)};
  Layers layers;
  layers.path = path;
  layers.rewrite = rewrite_file(original, settings.optimizing, settings.least, settings.lint.options);
  layers.original = layers_of(original);
  // A large file that stays as it is is not read a second time.
  const bool same = layers.rewrite.text == original->source();
  layers.optimized =
      same ? layers.original
           : layers_of(std::make_shared<const Dockerfile>(layers.rewrite.text, facts, original->context()));
  const auto colours = options.colour ? Colours::ansi() : Colours::none();
  return {options.format == "json" ? layers_json(layers) : format_layers(layers, colours),
          options.html.empty() ? "" : format_page(layers, nullptr), ""};
}

}  // namespace

int run_layers(const Options& options) {
  const auto* facts = load_facts(options);
  if (facts == nullptr) return exit_failed;
  const auto inputs = expand_paths(options);
  // With their files, all that they weigh would be transferred.
  const auto others = options.resolve_files ? OtherForms::ignored : OtherForms::asked;
  const auto bases = resolve_base_images(options, inputs, *facts, others);
  facts = bases.facts.get();
  for (const auto& text : bases.notes) complain("", "note: " + text);
  bool failed = inputs.failed || bases.failed;
  if (!options.html.empty() && inputs.paths.size() != 1)
    return complain("", "--html takes one Dockerfile"), exit_failed;
  for (const auto* read : {&inputs.paths, &options.operands})
    if (const auto obstacle = page_obstacle(options, *read); !obstacle.empty())
      return complain(options.html, obstacle), exit_failed;
  const bool json = options.format == "json", text = options.format == "text";
  const auto before = json ? layers_json_frame(true).before : std::string();
  bool empty = true;
  SaidOnce said;
  work_in_order(
      inputs.paths.size(), threads_for(options, inputs),
      [&](std::size_t i) { return read_layers(options, inputs, *facts, inputs.paths[i]); },
      [&](const FileLayers& file) {
        said.print(file.complaint, !file.complaint.empty());
        failed |= !file.complaint.empty();
        if (!file.complaint.empty()) return;
        if (text || json) std::cout << (empty ? before : json ? "," : "\n") << file.report;
        empty = false;
        if (options.html.empty()) return;
        if (const auto error = write_file(options.html, file.page).error; !error.empty()) {
          complain(options.html, error);
          failed = true;
        }
      });
  if (json) std::cout << (empty ? before : "") << layers_json_frame(empty).after;
  return failed ? exit_failed : exit_clean;
}

}  // namespace dockhew::cli
