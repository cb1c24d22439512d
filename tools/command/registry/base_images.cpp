#include "registry/base_images.hpp"

#include <algorithm>
#include <set>

#include "facts/official_images.hpp"
#include "files.hpp"
#include "text/position.hpp"

namespace dockhew::cli {
namespace {

// Facts live as long as the process in any case, so none of them need be owned here.
std::shared_ptr<const Facts> unowned(const Facts& facts) { return {std::shared_ptr<const void>(), &facts}; }

Facts without_registries(const Facts& facts) {
  auto tables = facts;
  tables.resolved.reset();
  return tables;
}

// The bases that are known from a registry, as a clause: of the stage at a place, or else of all.
class Sources {
 public:
  explicit Sources(const Dockerfile& file) : file_(file) {}

  std::string clause(std::uint32_t place) const {
    std::set<std::string> names;
    for (const auto& stage : file_.stages()) {
      const bool here =
          !stage.implicit && stage.from->span.begin <= place &&
          (stage.steps.empty() ? stage.from->span.end : stage.steps.back().instruction->span.end) >= place;
      if (here && stage.image && stage.image->resolved != nullptr) return text({name_of(stage)});
      if (stage.image && stage.image->resolved != nullptr) names.insert(name_of(stage));
    }
    return text(names);
  }

 private:
  static std::string name_of(const Stage& stage) {
    auto reference = stage.reference;
    return "`" + reference.name() + (reference.tag.empty() ? "" : ":" + reference.tag) + "` (" +
           short_digest(stage.image->resolved->digest) + ")";
  }

  static std::string text(const std::set<std::string>& names) {
    std::string list;
    for (const auto& name : names) list += (list.empty() ? "" : ", ") + name;
    return list.empty() ? "" : "; known from the configuration of " + list;
  }

  const Dockerfile& file_;
};

bool same_fixes(const Finding& a, const Finding& b) {
  return std::ranges::equal(a.fixes, b.fixes, [](const Fix& x, const Fix& y) {
    return x.title == y.title && x.applicability == y.applicability && x.edits == y.edits && x.declined == y.declined;
  });
}

}  // namespace

std::vector<ImageQuestion> questions_about_bases(const Dockerfile& file) {
  std::vector<ImageQuestion> questions;
  for (const auto& stage : file.stages()) {
    if (stage.parent || stage.scratch || stage.implicit || !stage.base.is_known() || stage.platform.empty()) continue;
    if (is_local_name(file.facts(), stage.reference)) continue;
    if (image_reference_error(stage.base.text).empty()) questions.push_back({stage.reference, stage.platform});
  }
  return questions;
}

std::shared_ptr<const Facts> with_answers(const Facts& facts, const std::vector<ImageQuestion>& questions,
                                          const std::vector<ResolvedImage>& answers) {
  auto resolved = std::make_shared<ResolvedImages>();
  for (std::size_t i = 0; i < questions.size(); ++i) {
    const auto known = facts.image(questions[i].image);
    resolved->add(questions[i].image, questions[i].platform, answers[i], known ? known->entry : nullptr);
  }
  auto completed = std::make_shared<Facts>(facts);
  completed->resolved = std::move(resolved);
  return completed;
}

BaseImages resolve_base_images(const Options& options, const Inputs& inputs, const Facts& facts) {
  BaseImages result{unowned(facts), {}, false};
  if (!options.resolve) return result;
  std::vector<ImageQuestion> questions;
  for (const auto& path : inputs.paths)
    if (const auto read = read_file(path); read.error.empty())  // an error is said when it is linted
      std::ranges::move(questions_about_bases(Dockerfile(read.text, facts, BuildContext())),
                        std::back_inserter(questions));
  auto images = Images::open(options, LockUse::read);
  if (!images) {
    complain(options.lock, images.reason());
    result.failed = true;
    return result;
  }
  const auto answers = (*images)->ask(questions);
  std::set<std::string> said;
  for (std::size_t i = 0; i < questions.size(); ++i) {
    if (answers[i].found != Found::no_answer) continue;
    auto note = "nothing more is known of `" + questions[i].image.canonical() + "`: " + answers[i].reason;
    if (said.insert(note).second) result.notes.push_back(std::move(note));
  }
  if (const auto error = (*images)->save(); !error.empty()) {
    complain(options.lock, error);
    result.failed = true;
  }
  result.facts = with_answers(facts, questions, answers);
  return result;
}

void say_what_rests_on_registries(const Dockerfile& file, Unsaid unsaid, const FindAll& without,
                                  std::vector<Finding>& findings) {
  if (!file.facts().resolved) return;
  const auto tables = without_registries(file.facts());
  const auto others = without(Dockerfile(std::string(file.source()), tables, file.context(), unsaid));
  const Sources sources(file);
  for (auto& finding : findings) {
    const auto same = std::ranges::find_if(others, [&](const Finding& other) {
      return other.rule == finding.rule && other.span == finding.span && other.message == finding.message;
    });
    if (same == others.end() || !same_fixes(*same, finding)) finding.message += sources.clause(finding.span.begin);
  }
}

void say_what_rests_on_registries(const Dockerfile& file, const RewriteAll& without, Rewrite& rewrite) {
  if (!file.facts().resolved) return;
  const auto tables = without_registries(file.facts());
  const auto other =
      without(std::make_shared<const Dockerfile>(std::string(file.source()), tables, file.context(), file.unsaid()));
  const Sources sources(file);
  const LineIndex lines(file.source());
  for (auto& fix : rewrite.applied) {
    const bool made_anyway = std::ranges::any_of(other.applied, [&](const AppliedFix& known) {
      return known.rule == fix.rule && known.title == fix.title && known.line == fix.line &&
             known.applicability == fix.applicability;
    });
    if (!made_anyway) fix.title += sources.clause(lines.line_begin(std::clamp(fix.line, 1U, lines.line_count())));
  }
}

}  // namespace dockhew::cli
