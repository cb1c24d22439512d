#include "verify/compose_command.hpp"

#include <algorithm>
#include <filesystem>
#include <iostream>
#include <map>
#include <optional>
#include <tuple>

#include "configuration.hpp"
#include "files.hpp"
#include "model/runs.hpp"
#include "process.hpp"
#include "project/compose_file.hpp"
#include "project/compose_values.hpp"
#include "report/page.hpp"
#include "text/utf8.hpp"
#include "verify/verified_build.hpp"
#include "writing.hpp"

namespace dockhew::cli {
namespace fs = std::filesystem;
namespace {

Inputs inputs_of(const std::string& file) {
  Options options;
  options.operands = {file};
  return expand_paths(options);
}

// A Compose file that is read for what it builds.
struct ComposeBuilds {
  std::string path;
  Inputs inputs;
  Builds read;
  ComposeValues values;

  explicit ComposeBuilds(const std::string& file)
      : path(file),
        inputs(inputs_of(file)),
        read(read_compose_file(file)),
        values(fs::path(file).parent_path().string(), Caller::this_process) {}

  const Build* find(const std::string& service) const {
    const auto found = std::ranges::find(read.builds, service, &Build::name);
    return found == read.builds.end() ? nullptr : &*found;
  }
};

// Why nothing can be said of a build before it is tried, for a person; empty when it can be tried. Who gives the
// builder options may have given what it needs.
std::string obstacle(const Options& options, const ComposeBuilds& file, const Build& build) {
  if (std::ranges::find(file.read.unread, build.name) != file.read.unread.end())
    return "its Dockerfile stands in the Compose file (`dockerfile_inline`), and is not read";
  if (build.dockerfile.empty()) return "what it builds is not in this directory, or only known when Compose is called";
  if (!build.needs.empty() && options.builder_options.empty())
    return "it builds with `" + build.needs + "`, which only `--builder-option` passes to the builder";
  return {};
}

// What builds with the same key make the same image.
using BuildKey = std::tuple<std::string, std::string, std::string, std::vector<std::string>>;

std::string canonical(const std::string& path) {
  std::error_code error;
  return fs::weakly_canonical(path, error).string();
}

// The file as far as a target needs it, which makes that its last stage; nothing when it has no such stage.
std::optional<std::string> up_to_target(const std::string& text, const Facts& facts, const std::string& target) {
  if (target.empty()) return text;
  const Dockerfile file(text, facts, {});
  const auto count = static_cast<std::uint32_t>(file.stages().size());
  const auto stage = file.find_stage(to_lower_ascii(target), count);
  if (!stage) return std::nullopt;
  return *stage + 1 == count ? text : text.substr(0, file.stages()[*stage + 1].from->span.begin);
}

// What the last stage is made of: a change elsewhere makes no other image.
std::string needed_text(const Dockerfile& file) {
  const auto source = file.source();
  const auto& stages = file.stages();
  const auto begin = [&](const Stage& stage) { return stage.implicit ? std::size_t{0} : stage.from->span.begin; };
  std::vector<bool> wanted(stages.size());
  wanted.back() = true;
  wanted = with_needed_stages(file, std::move(wanted));
  std::string text(source.substr(0, begin(stages.front())));
  for (const auto& stage : stages) {
    const auto end = stage.index + 1 < stages.size() ? begin(stages[stage.index + 1]) : source.size();
    if (wanted[stage.index]) text += source.substr(begin(stage), end - begin(stage));
  }
  return text;
}

class ComposeVerification {
 public:
  ComposeVerification(const Options& options, const Facts& facts, const std::string& path)
      : options_(options), facts_(facts), own_(path), colours_(options.colour ? Colours::ansi() : Colours::none()) {
    if (!options.against.empty()) other_.emplace(options.against);
    project_.path = path;
    project_.against = options.against;
  }

  int run() {
    if (own_.inputs.failed || (other_ && other_->inputs.failed)) return exit_failed;
    if (own_.read.builds.empty()) {
      std::cout << "no service of this file has a `build`, so there is nothing to verify\n";
      return exit_clean;
    }
    workshop_.emplace(options_.builder_name);
    if (!workshop_->error().empty()) return complain("", workshop_->error()), exit_failed;
    project_.builder = workshop_->driver().name();
    for (const auto& build : own_.read.builds) {
      if (interrupted()) break;
      verify(build);
    }
    project_.interrupted = interrupted();
    return finish();
  }

 private:
  // One of the two forms of a service, as far as it can be built.
  struct Form {
    BuiltForm built;
    std::string text;
    std::string error;  // for the user
  };

  void verify(const Build& build) {
    ServiceVerification service;
    service.name = build.name;
    service.dockerfile = build.dockerfile;
    service.context = build.context;
    service.target = build.target;
    const auto error = examine(build, service);
    const auto end = std::min(error.find('\n'), error.size());
    if (!error.empty()) {
      complain_with_output(build.name, error);
      service.state = ServiceState::failed;
      service.reason = error.substr(0, end);
    }
    if (options_.format != "json") std::cout << format_service(service, colours_) << std::flush;
    project_.services.push_back(std::move(service));
  }

  // Returns an error message for the user, as verify_build does.
  std::string examine(const Build& build, ServiceVerification& service) {
    service.reason = obstacle(options_, own_, build);
    const auto* other = other_ ? other_->find(build.name) : nullptr;
    if (service.reason.empty() && other_)
      service.reason = other == nullptr ? "`" + other_->path + "` builds no service of this name"
                                        : obstacle(options_, *other_, *other);
    if (!service.reason.empty()) return {};
    Form before = form_of(own_, build), after;
    if (!before.error.empty()) return before.error;
    Rewrite rewrite;
    if (other != nullptr) {
      after = form_of(*other_, *other);
      if (!after.error.empty()) return other_->path + ": " + after.error;
      rewrite.text = after.text;
    } else {
      if (auto error = rewrite_form(build, before, after, rewrite); !error.empty()) return error;
    }
    if (const auto same = same_build(build.name, before, after)) {
      service.state = ServiceState::same_build;
      service.reason = *same;
      return {};
    }
    if (needed_text(*after.built.file) == needed_text(*before.built.file) &&
        canonical(after.built.context) == canonical(before.built.context) &&
        after.built.arguments == before.built.arguments) {
      service.state = ServiceState::unchanged;
      service.reason = other != nullptr ? "the same in both files" : "nothing to improve";
      return {};
    }
    service.state = ServiceState::verified;
    service.layers.path = build.dockerfile;
    service.layers.original = layers_of(before.built.file);
    service.layers.optimized = layers_of(after.built.file);
    const bool by_design = changes_base(rewrite);
    service.layers.rewrite = std::move(rewrite);
    return verify_build(options_, {build.name, before.built, after.built, by_design}, *workshop_, service.verification);
  }

  Form form_of(const ComposeBuilds& file, const Build& build) const {
    Form form;
    form.built.path = build.dockerfile;
    form.built.context = build.context;
    std::error_code error;
    if (!file.inputs.builds.contains(build.dockerfile))
      return form.error = "its Dockerfile is outside of the repository, so it is not read", form;
    if (!fs::is_directory(build.context, error)) return form.error = build.context + ": no such directory", form;
    auto read = read_file(build.dockerfile);
    if (!read.error.empty()) return form.error = build.dockerfile + ": " + read.error, form;
    auto text = up_to_target(read.text, facts_, build.target);
    if (!text) return form.error = "there is no stage `" + build.target + "` in `" + build.dockerfile + "`", form;
    form.text = std::move(*text);
    for (const auto& argument : build.written_arguments) {
      const auto value = argument.value ? std::optional(file.values.resolve(*argument.value)) : std::nullopt;
      if (value && !value->unknown.empty())
        return form.error = "the argument `" + argument.name + "` has no value here; set the variables of `" +
                            *argument.value + "`",
               form;
      // One without a value is that of the environment, if it is there.
      const auto found = value ? std::optional(value->text) : file.values.find(argument.name);
      if (found) form.built.arguments.push_back(argument.name + '=' + *found);
    }
    form.built.file = built_file(form);
    if (const auto& too_large = form.built.file->document().too_large())
      form.error = build.dockerfile + ": " + too_large->message;
    else if (form.built.file->stages().empty()) form.error = build.dockerfile + ": there is no stage to build";
    return form;
  }

  std::shared_ptr<const Dockerfile> built_file(const Form& form) const {
    const auto& directory = form.built.context;
    return std::make_shared<const Dockerfile>(form.text, facts_,
                                              open_context(directory, form.built.path, {.directory = directory}));
  }

  // As `optimize` of the Compose file has it: right for all services that build the Dockerfile.
  std::string rewrite_form(const Build& build, const Form& before, Form& after, Rewrite& rewrite) {
    auto known = rewrites_.find(build.dockerfile);
    if (known == rewrites_.end()) {
      auto read = read_file(build.dockerfile);
      auto settings = settings_for(options_, build.dockerfile);
      if (!settings.error.empty()) return settings.error;
      settings.lint.options.builder = workshop_->driver().kind();
      const auto original = Dockerfile::read(std::move(read.text), facts_, [&](const Dockerfile& file) {
        return context_of(options_, own_.inputs, build.dockerfile, file);
      });
      auto made = rewrite_file(original, settings.optimizing, settings.least, settings.lint.options);
      known = rewrites_.emplace(build.dockerfile, std::move(made)).first;
    }
    rewrite = known->second;
    auto text = up_to_target(rewrite.text, facts_, build.target);
    if (!text) return "there is no stage `" + build.target + "` in the optimized form of `" + build.dockerfile + "`";
    rewrite.text = *text;
    after.built = before.built;
    after.text = std::move(*text);
    after.built.file = built_file(after);
    return {};
  }

  // The service that has made the same two images, as the target is the end of the text.
  std::optional<std::string> same_build(const std::string& name, const Form& before, const Form& after) {
    const auto key = [](const Form& form) {
      return BuildKey{canonical(form.built.path), canonical(form.built.context), form.text, form.built.arguments};
    };
    const auto [known, is_new] = built_.try_emplace({key(before), key(after)}, name);
    return is_new ? std::nullopt : std::optional(known->second);
  }

  int finish() {
    if (options_.format == "json") std::cout << format_project_json(project_);
    else std::cout << format_project_sum(project_, colours_);
    if (!options_.html.empty() && !project_.interrupted)
      if (const auto error = write_file(options_.html, format_page(project_)).error; !error.empty())
        return complain(options_.html, error), exit_failed;
    if (project_.interrupted) return complain(project_.path, "interrupted"), exit_failed;
    return project_.failed() ? exit_failed : project_.equivalent() ? exit_clean : exit_found;
  }

  const Options& options_;
  const Facts& facts_;
  ComposeBuilds own_;
  std::optional<ComposeBuilds> other_;
  Colours colours_;
  std::optional<Workshop> workshop_;
  ProjectVerification project_;
  std::map<std::string, Rewrite> rewrites_;                     // by the path of the Dockerfile
  std::map<std::pair<BuildKey, BuildKey>, std::string> built_;  // the first service of each
};

}  // namespace

int verify_compose_file(const Options& options, const Facts& facts, const std::string& path) {
  if (!options.context.empty()) {
    complain("", "--context is for one Dockerfile; a Compose file says itself with which directory each is built");
    return exit_failed;
  }
  if (!options.against.empty() && !is_compose_file(options.against)) {
    complain(options.against, "--against takes another Compose file (`compose*.yaml`, `docker-compose*.yaml`) here");
    return exit_failed;
  }
  return ComposeVerification(options, facts, path).run();
}

}  // namespace dockhew::cli
