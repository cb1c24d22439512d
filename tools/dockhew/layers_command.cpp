// dockhew layers: what each kind of change rebuilds, before and after, without building anything.
#include <iostream>

#include "commands.hpp"
#include "configuration.hpp"
#include "files.hpp"
#include "report/layers.hpp"
#include "report/page.hpp"

namespace dockhew::cli {

int run_layers(const Options& options) {
  const auto* facts = load_facts(options);
  if (facts == nullptr) return exit_failed;
  const auto inputs = expand_paths(options.operands);
  bool failed = inputs.failed;
  if (!options.html.empty() && inputs.paths.size() != 1)
    return complain("", "--html takes one Dockerfile"), exit_failed;
  const auto colours = options.colour ? Colours::ansi() : Colours::none();
  std::vector<Layers> all;
  for (const auto& path : inputs.paths) {
    auto read = read_file(path);
    const auto settings = settings_for(options, path);
    if (!read.error.empty() || !settings.error.empty()) {
      complain(path, read.error.empty() ? settings.error : read.error);
      failed = true;
      continue;
    }
    const auto context = context_of(options, inputs, path, read.text);
    Layers layers;
    layers.path = path;
    layers.rewrite = rewrite(read.text, *facts, context, settings.optimizing, options.least, settings.lint.options);
    layers.original = layers_of(std::make_shared<const Dockerfile>(std::move(read.text), *facts, context));
    layers.optimized = layers_of(std::make_shared<const Dockerfile>(layers.rewrite.text, *facts, context));
    if (options.format == "text") std::cout << (all.empty() ? "" : "\n") << format_layers(layers, colours);
    all.push_back(std::move(layers));
  }
  if (options.format == "json") std::cout << format_layers_json(all);
  if (!options.html.empty() && !all.empty()) {
    if (const auto error = write_file(options.html, format_page(all[0], nullptr)); !error.empty()) {
      complain(options.html, error);
      failed = true;
    }
  }
  return failed ? exit_failed : exit_clean;
}

}  // namespace dockhew::cli
