#include "registry/base_images.hpp"

#include <algorithm>
#include <iterator>
#include <map>
#include <set>
#include <tuple>

#include "ecosystems/smaller_forms.hpp"
#include "facts/official_images.hpp"
#include "files.hpp"
#include "stages/base_sizes.hpp"
#include "stages/runtime_choice.hpp"
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
  explicit Sources(const Dockerfile& file) : file_(file) {
    std::set<std::string> names;
    bool files = false;
    for (const auto& stage : file.stages()) {
      if (!is_known(stage) || names.size() >= most_names) continue;
      names.insert(name_of(stage));
      files |= has_files(stage);
    }
    all_ = text(names, files);
  }

  std::string clause(std::uint32_t place) const {
    const auto& stages = file_.stages();
    const auto begin_of = [](const Stage& stage) { return stage.implicit ? 0 : stage.from->span.begin; };
    const auto after = std::ranges::upper_bound(stages, place, {}, begin_of);
    if (after == stages.begin()) return all_;
    const auto& stage = *std::prev(after);
    if (is_known(stage)) return text({name_of(stage)}, has_files(stage));
    // That an image is missing is no configuration.
    const auto* answer = file_.facts().resolved->find(stage.reference, stage.platform);
    return answer == nullptr || answer->found == Found::no_answer ? all_ : "";
  }

 private:
  static constexpr std::size_t most_names = 5;  // more are no help to anybody

  static bool is_known(const Stage& stage) { return stage.image && stage.image->resolved != nullptr; }

  static std::string name_of(const Stage& stage) {
    const auto& reference = stage.reference;
    return "`" + reference.name() + (reference.tag.empty() ? "" : ":" + reference.tag) + "` (" +
           short_digest(stage.image->resolved->digest) + ")";
  }

  static bool has_files(const Stage& stage) { return stage.image->resolved->image.files != nullptr; }

  static std::string text(const std::set<std::string>& names, bool files) {
    std::string list;
    for (const auto& name : names) list += (list.empty() ? "" : ", ") + name;
    return list.empty() ? ""
                        : "; known from the configuration " + std::string(files ? "and the files of " : "of ") + list;
  }

  const Dockerfile& file_;
  std::string all_;
};

bool same_fixes(const Finding& a, const Finding& b) {
  return std::ranges::equal(a.fixes, b.fixes, [](const Fix& x, const Fix& y) {
    return x.title == y.title && x.applicability == y.applicability && x.edits == y.edits && x.declined == y.declined;
  });
}

void add_questions_about_bases(const Dockerfile& file, const std::set<std::string>& local,
                               std::vector<ImageQuestion>& questions) {
  for (const auto& stage : file.stages()) {
    if (stage.parent || stage.scratch || stage.implicit || !stage.base.is_known() || stage.platform.empty()) continue;
    if (is_local_name(file.facts(), stage.reference) && !local.contains(stage.reference.canonical())) continue;
    if (image_reference_error(stage.base.text).empty()) questions.push_back({stage.reference, stage.platform});
  }
}

// Where nothing is known of the base, nobody is asked about another one.
void add_questions_about_smaller(const Dockerfile& file, std::vector<ImageQuestion>& questions) {
  if (file.stages().empty()) return;
  for (const auto* stage : stages_of_shipped_bases(file)) {
    if (!stage->image || stage->image->resolved == nullptr) continue;
    auto smaller = smaller_image(file, *stage);
    if (smaller && image_reference_error(smaller->canonical()).empty())
      questions.push_back({*std::move(smaller), stage->platform});
  }
}

void add_questions_about_forms(const Dockerfile& file, std::vector<ImageQuestion>& questions) {
  if (file.stages().empty()) return;
  for (const auto* stage : stages_of_shipped_bases(file)) {
    if (!stage->image || stage->image->resolved == nullptr) continue;
    for (const auto& form : smaller_forms(*stage))
      if (image_reference_error(form.name).empty())
        questions.push_back({parse_image_reference(form.name), stage->platform});
  }
}

std::shared_ptr<const Facts> with_answers(const Facts& facts, const std::vector<ImageQuestion>& questions,
                                          const std::vector<ResolvedImage>& answers) {
  auto resolved = std::make_shared<ResolvedImages>();
  for (std::size_t i = 0; i < questions.size(); ++i) {
    auto image = questions[i].image;
    const auto known = facts.image(image);
    resolved->add(image, questions[i].platform, answers[i], known ? known->entry : nullptr);
    // Under this name a rewritten file may have it.
    if (!image.digest.empty() || answers[i].digest.empty()) continue;
    image.digest = answers[i].digest;
    if (resolved->find(image, questions[i].platform) == nullptr)
      resolved->add(image, questions[i].platform, answers[i], known ? known->entry : nullptr);
  }
  auto completed = std::make_shared<Facts>(facts);
  completed->resolved = std::move(resolved);
  return completed;
}

}  // namespace

AskedImages ask_about_bases(const Facts& facts, const std::vector<ReadWith>& files, const AskAll& ask,
                            const std::set<std::string>& local, OtherForms others) {
  AskedImages result;
  const auto ask_more = [&](const std::vector<ImageQuestion>& more) {
    if (more.empty()) return;
    std::ranges::move(ask(more), std::back_inserter(result.answers));
    result.questions.insert(result.questions.end(), more.begin(), more.end());
    result.facts = with_answers(facts, result.questions, result.answers);
  };
  for (const auto& read : files)
    if (const auto file = read(facts)) add_questions_about_bases(*file, local, result.questions);
  result.answers = ask(result.questions);
  result.facts = with_answers(facts, result.questions, result.answers);
  std::vector<ImageQuestion> more;
  for (const auto& read : files)
    if (const auto file = read(*result.facts)) add_questions_about_smaller(*file, more);
  ask_more(more);
  result.needed = result.questions.size();
  if (others == OtherForms::ignored) return result;
  std::vector<ImageQuestion> forms;
  for (const auto& read : files)
    if (const auto file = read(*result.facts)) add_questions_about_forms(*file, forms);
  ask_more(forms);
  return result;
}

BaseImages resolve_base_images(const Options& options, const Inputs& inputs, const Facts& facts, OtherForms others) {
  BaseImages result{unowned(facts), {}, false};
  if (!options.resolve) return result;
  std::set<std::string> local;
  for (const auto& value : options.images)
    local.insert(parse_image_reference(value.substr(0, value.find('='))).canonical());
  std::vector<ReadWith> files;
  for (const auto& path : inputs.paths)
    files.emplace_back([&](const Facts& known) -> std::shared_ptr<const Dockerfile> {
      auto read = read_file(path);
      if (!read.error.empty()) return nullptr;  // an error is said when it is linted
      return Dockerfile::read(std::move(read.text), known, [&](const Dockerfile& file) {
        return known.resolved ? context_of(options, inputs, path, file) : BuildContext();
      });
    });
  auto images = Images::open(options, LockUse::read);
  if (!images) {
    complain(options.lock, images.reason());
    result.failed = true;
    return result;
  }
  auto asked = ask_about_bases(
      facts, files, [&](const std::vector<ImageQuestion>& questions) { return (*images)->ask(questions); }, local,
      others);
  const auto& [completed, questions, answers, needed] = asked;
  std::set<std::string> said;
  for (std::size_t i = 0; i < needed; ++i) {
    const bool no_files = options.resolve_files && answers[i].found == Found::image && !answers[i].image.files;
    if (answers[i].found != Found::no_answer && !no_files) continue;
    auto note = (no_files ? "the files of `" + questions[i].image.canonical() + "` are not known: "
                          : "nothing more is known of `" + questions[i].image.canonical() + "`: ") +
                answers[i].reason;
    if (said.insert(note).second) result.notes.push_back(std::move(note));
  }
  if (const auto error = (*images)->save(); !error.empty()) {
    complain(options.lock, error);
    result.failed = true;
  }
  result.facts = completed;
  return result;
}

void say_what_rests_on_registries(const Dockerfile& file, Unsaid unsaid, const FindAll& without,
                                  std::vector<Finding>& findings) {
  // BuildKit's answer has BuildKit's words.
  if (!file.facts().resolved || unsaid == Unsaid::plain_build) return;
  const auto tables = without_registries(file.facts());
  const auto others = without(Dockerfile(std::string(file.source()), tables, file.context(), unsaid));
  std::multimap<std::pair<std::uint32_t, const Rule*>, const Finding*> by_place;
  for (const auto& other : others) by_place.emplace(std::pair(other.span.begin, other.rule), &other);
  const Sources sources(file);
  for (auto& finding : findings) {
    const auto [begin, end] = by_place.equal_range({finding.span.begin, finding.rule});
    const bool found_anyway = std::any_of(begin, end, [&](const auto& other) {
      return other.second->span == finding.span && other.second->message == finding.message &&
             same_fixes(*other.second, finding);
    });
    if (!found_anyway) finding.message += sources.clause(finding.span.begin);
  }
}

void say_what_rests_on_registries(const Dockerfile& file, const RewriteAll& without, Rewrite& rewrite) {
  if (!file.facts().resolved) return;
  const auto tables = without_registries(file.facts());
  const auto other =
      without(std::make_shared<const Dockerfile>(std::string(file.source()), tables, file.context(), file.unsaid()));
  const Sources sources(file);
  const LineIndex lines(file.source());
  std::set<std::tuple<const Rule*, std::uint32_t, std::string, Applicability>> made_anyway;
  for (const auto& fix : other.applied) made_anyway.emplace(fix.rule, fix.line, fix.title, fix.applicability);
  for (auto& fix : rewrite.applied)
    if (!made_anyway.contains({fix.rule, fix.line, fix.title, fix.applicability}))
      fix.title += sources.clause(lines.line_begin(std::clamp(fix.line, 1U, lines.line_count())));
}

}  // namespace dockhew::cli
