#include "verify/scenarios.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <set>

#include "effects/source_parts.hpp"
#include "files.hpp"
#include "process.hpp"
#include "verify/harmless_edit.hpp"
#include "writing.hpp"

namespace dockhew::cli {
namespace fs = std::filesystem;
namespace {

constexpr std::size_t first_build = 0, nothing_changed = 1, source_changed = 2, dependencies_changed = 3;

// With the times of the files, because some build tools compare them.
std::string copy_context(const std::string& from, const std::string& to) {
  std::error_code error;
  fs::remove_all(to, error);  // that of one that was verified before
  fs::create_directories(to, error);
  const auto result = run_process({"cp", "-a", "--reflink=auto", from + "/.", to}, std::chrono::seconds(1800));
  return result.status == 0 ? "" : "the build context cannot be copied; is the disk full?";
}

// A file's own ignore file takes precedence over that of the context.
std::string write_dockerfile(const Plan& plan, Variant variant) {
  const auto& form = plan.form(variant);
  const auto path = plan.directory + "/" + std::string(to_string(variant)) + ".Dockerfile";
  if (auto error = write_file(path, std::string(form.file->source())).error; !error.empty()) return error;
  const auto ignore = path + ".dockerignore";
  std::error_code error;
  fs::remove(ignore, error);  // of one that was verified before
  if (fs::exists(form.dockerfile + ".dockerignore", error))
    fs::copy_file(form.dockerfile + ".dockerignore", ignore, fs::copy_options::overwrite_existing, error);
  return {};
}

// Whether the context file is among what a stage, or the stages below it, copy up to a step.
bool has_copied(const Dockerfile& file, const Stage& stage, std::size_t step, const std::string& path) {
  const auto brings = [&](const Step& each) {
    return (each.copy && each.copy->from_context() && copy_brings(file, *each.copy, path)) ||
           std::ranges::any_of(each.mounts, [](const Mount& mount) { return mount.type == Mount::Type::bind; });
  };
  const auto until = stage.steps.begin() + static_cast<std::ptrdiff_t>(std::min(step + 1, stage.steps.size()));
  if (std::any_of(stage.steps.begin(), until, brings)) return true;
  if (!stage.parent) return false;
  const auto& parent = file.stages()[*stage.parent];
  return has_copied(file, parent, parent.steps.size(), path);
}

// The steps on which builder and model disagree. The model cannot know that a step did not run because what it copies
// from another stage came out the same, nor that the edited source is not the part that is copied here.
std::vector<std::string> not_foreseen(const Dockerfile& file, std::size_t scenario, const std::string& edited_file,
                                      const std::vector<BuildStep>& built) {
  std::vector<std::string> sentences;
  const LineIndex lines(file.source());
  for (const auto& predicted : step_costs(file)) {
    const auto found = std::ranges::find_if(
        built, [&](const BuildStep& s) { return s.stage == predicted.stage && s.step == predicted.step; });
    if (found == built.end()) continue;
    const auto& stage = file.stages()[predicted.stage];
    const auto keyword = stage.steps[predicted.step].instruction->keyword;
    const bool layered = keyword == Keyword::run || keyword == Keyword::copy || keyword == Keyword::add;
    if (!layered || found->cached != predicted.runs[scenario]) continue;
    const auto copies_stage = [](const Step& step) { return step.copy && step.copy->stage; };
    if (found->cached && std::any_of(stage.steps.begin(), stage.steps.begin() + predicted.step + 1, copies_stage))
      continue;
    if (found->cached && !edited_file.empty() && !has_copied(file, stage, predicted.step, edited_file)) continue;
    const auto text = step_text(file, lines, predicted);
    sentences.push_back(fmt::format("line {} {}: {}", text.line, found->cached ? "did not run" : "ran", text.text));
  }
  return sentences;
}

class Scenarios {
 public:
  Scenarios(const Plan& plan, BuildDriver& driver, Progress& progress, Verification& verification)
      : plan_(plan), driver_(driver), progress_(progress), verification_(verification) {
    const auto add = [&](std::size_t scenario) {
      for (const auto variant : {Variant::original, Variant::optimized})
        tasks_.push_back({name_of(variant, scenario), scenario_costs(file(variant))[scenario]});
    };
    for (int repetition = 0; repetition < plan.repetitions; ++repetition) {
      add(first_build);
      for (const auto variant : {Variant::original, Variant::optimized})
        if (repetition == 0) tasks_.push_back({name_of_saving(variant), {}});
      add(nothing_changed);
      if (!plan.original.source_file.empty()) add(source_changed);
      if (!plan.original.manifest.empty()) add(dependencies_changed);
    }
  }

  // Builds the original as if for the first time, and saves that image too.
  std::string build_again(const std::string& archive) {
    driver_.forget(Variant::original);
    if (auto error = restore(); !error.empty()) return error;
    progress_.begin({label() + "original, a second time", median_of_first()}, {});
    const auto result = driver_.build(request(Variant::original), [&](std::string_view s) { progress_.step(s); });
    if (!result.error.empty()) return progress_.end("failed"), result.error;
    progress_.end(fmt::format("{:.2f} s", result.seconds));
    progress_.begin({name_of_saving(Variant::original)}, {});
    auto error = driver_.save(request(Variant::original), archive);
    progress_.end(error.empty() ? "done" : "failed");
    return error;
  }

  std::string run(Archives& archives) {
    for (const auto variant : {Variant::original, Variant::optimized}) {
      if (auto error = copy_context(plan_.form(variant).context, context(variant)); !error.empty()) return error;
      if (auto error = write_dockerfile(plan_, variant); !error.empty()) return error;
    }
    for (int repetition = 0; repetition < plan_.repetitions; ++repetition) {
      if (auto error = restore(); !error.empty()) return error;
      if (auto error = build_both(first_build); !error.empty()) return error;
      if (repetition == 0)
        if (auto error = save(archives); !error.empty()) return error;
      if (auto error = build_both(nothing_changed); !error.empty()) return error;
      if (auto error = change(&PlannedForm::source_file, source_changed, repetition); !error.empty()) return error;
      if (auto error = change(&PlannedForm::manifest, dependencies_changed, repetition); !error.empty()) return error;
      if (repetition + 1 < plan_.repetitions)
        for (const auto variant : {Variant::original, Variant::optimized}) driver_.forget(variant);
    }
    return {};
  }

 private:
  // By the model's costs, which are in proportion to each other, and the builds that are done.
  std::optional<double> estimate(std::optional<double> cost) const {
    if (!cost || cost_done_ <= 0) return std::nullopt;
    return *cost * seconds_done_ / cost_done_;
  }

  void learn(double seconds, double cost) {
    if (cost <= 0) return;
    seconds_done_ += seconds;
    cost_done_ += cost;
  }

  std::optional<double> median_of_first() const {
    const auto seconds = verification_.original[first_build].median();
    return seconds > 0 ? std::optional(seconds) : std::nullopt;
  }

  // The tasks are known in advance, but some are left out.
  void begin(const std::string& name) {
    while (next_ < tasks_.size() && tasks_[next_].name != name) ++next_;
    if (next_ < tasks_.size()) ++next_;
    const auto known = [&](std::size_t i) { return Task{tasks_[i].name, estimate(tasks_[i].about)}; };
    progress_.begin(next_ > 0 ? known(next_ - 1) : Task{name}, next_ < tasks_.size() ? known(next_) : Task{});
  }

  std::string label() const { return plan_.name.empty() ? "" : plan_.name + ": "; }
  std::string name_of(Variant variant, std::size_t scenario) const {
    return fmt::format("{}{}, {}", label(), to_string(variant), to_string(all_scenarios[scenario]));
  }
  std::string name_of_saving(Variant variant) const {
    return fmt::format("{}{}, saving the image", label(), to_string(variant));
  }

  const Dockerfile& file(Variant variant) const { return *plan_.form(variant).file; }

  // Each form has its own copy, with different edits: otherwise BuildKit would reuse the steps that the first build has
  // just run for the second.
  std::string context(Variant variant) const {
    return plan_.directory + "/" + std::string(to_string(variant)) + ".context";
  }

  BuildRequest request(Variant variant) const {
    BuildRequest request;
    request.variant = variant;
    request.file = &file(variant);
    request.dockerfile = plan_.directory + "/" + std::string(to_string(variant)) + ".Dockerfile";
    request.context = context(variant);
    request.arguments = plan_.form(variant).arguments;
    request.options = plan_.builder_options;
    return request;
  }

  std::string build_both(std::size_t scenario) {
    for (const auto variant : {Variant::original, Variant::optimized}) {
      begin(name_of(variant, scenario));
      const auto result = driver_.build(request(variant), [&](std::string_view step) { progress_.step(step); });
      if (!result.error.empty()) {
        progress_.end("failed");
        if (interrupted()) return "interrupted";
        const auto* which = variant == Variant::optimized ? "the optimized Dockerfile does not build"
                            : scenario == first_build     ? "the Dockerfile does not build as it is"
                                                          : "the Dockerfile does not build after an edit";
        return fmt::format("{} ({}){}", which, to_string(all_scenarios[scenario]), result.error);
      }
      learn(result.seconds, scenario_costs(file(variant))[scenario]);
      progress_.end(fmt::format("{:.2f} s", result.seconds));
      auto& measured = (variant == Variant::original ? verification_.original : verification_.optimized)[scenario];
      measured.seconds.push_back(result.seconds);
      measured.cached = static_cast<std::size_t>(std::ranges::count(result.steps, true, &BuildStep::cached));
      measured.ran = result.steps.size() - measured.cached;
      measured.downloaded = result.downloaded;
      const auto& form = plan_.form(variant);
      const auto edited_file = scenario == source_changed         ? form.source_file
                               : scenario == dependencies_changed ? form.manifest
                                                                  : std::string();
      measured.not_foreseen = not_foreseen(file(variant), scenario, edited_file, result.steps);
    }
    return {};
  }

  // The file of each form is edited.
  std::string change(std::string PlannedForm::*edited_file, std::size_t scenario, int repetition) {
    if ((plan_.original.*edited_file).empty()) {
      verification_.not_measured[scenario] =
          scenario == source_changed
              ? "the Dockerfile copies no source file that could be edited; name one with `--change-source`"
              : "the Dockerfile copies no list of dependencies that could be edited; name one with "
                "`--change-dependencies`";
      return {};
    }
    std::vector<std::string> texts;
    for (const auto variant : {Variant::original, Variant::optimized}) {
      const auto& path = plan_.form(variant).*edited_file;
      const auto read = read_file(plan_.form(variant).context + "/" + path);
      if (!read.error.empty()) return path + ": " + read.error;
      // A builder also remembers what it built for an earlier verification.
      const auto now = std::chrono::system_clock::now().time_since_epoch().count();
      texts.push_back(edited(path, read.text, fmt::format("{}-{}-{}", now, repetition + 1, to_string(variant))));
      if (!texts.back().empty()) continue;
      verification_.not_measured[scenario] =
          "it is not known how to edit `" + path + "` without changing what it means";
      return {};
    }
    for (const auto variant : {Variant::original, Variant::optimized}) {
      const auto& path = plan_.form(variant).*edited_file;
      const auto& text = texts[variant == Variant::original ? 0 : 1];
      if (auto error = write_file(context(variant) + "/" + path, text, ReadOnly::replaced).error; !error.empty())
        return path + ": " + error;
    }
    return build_both(scenario);
  }

  // What was edited, as it is in the user's context.
  std::string restore() const {
    for (const auto variant : {Variant::original, Variant::optimized}) {
      const auto& form = plan_.form(variant);
      for (const auto& path : {form.source_file, form.manifest}) {
        if (path.empty()) continue;
        const auto read = read_file(form.context + "/" + path);
        if (!read.error.empty()) return path + ": " + read.error;
        if (auto error = write_file(context(variant) + "/" + path, read.text, ReadOnly::replaced).error; !error.empty())
          return path + ": " + error;
      }
    }
    return {};
  }

  std::string save(Archives& archives) {
    archives = {plan_.directory + "/original.tar", plan_.directory + "/optimized.tar"};
    for (const auto variant : {Variant::original, Variant::optimized}) {
      const auto& archive = variant == Variant::original ? archives.original : archives.optimized;
      begin(name_of_saving(variant));
      if (auto error = driver_.save(request(variant), archive); !error.empty()) return error;
      std::error_code error;
      const auto size = fs::file_size(archive, error);
      (variant == Variant::original ? verification_.original_bytes : verification_.optimized_bytes) = error ? 0 : size;
      progress_.end(readable_bytes(error ? 0 : size));
    }
    return {};
  }

  const Plan& plan_;
  BuildDriver& driver_;
  Progress& progress_;
  Verification& verification_;
  std::vector<Task> tasks_;  // here `about` is the cost by the model
  std::size_t next_ = 0;
  double seconds_done_ = 0, cost_done_ = 0;
};

}  // namespace

std::string measure(const Plan& plan, BuildDriver& driver, Progress& progress, Verification& verification,
                    Archives& archives) {
  return Scenarios(plan, driver, progress, verification).run(archives);
}

std::string build_again(const Plan& plan, BuildDriver& driver, Progress& progress, Verification& verification,
                        const std::string& archive) {
  return Scenarios(plan, driver, progress, verification).build_again(archive);
}

}  // namespace dockhew::cli
