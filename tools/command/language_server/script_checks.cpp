#include "language_server/script_checks.hpp"

#include <algorithm>
#include <deque>

#include "shellcheck_run.hpp"
#include "text/json.hpp"
#include "text/path.hpp"

namespace dockhew::cli {
namespace {

constexpr std::size_t most_answers = 5000;

}  // namespace

// It has texts of its own, because a Dockerfile and all that points into it stays on the server's thread.
struct ScriptChecks::Job {
  std::deque<std::string> texts;
  std::vector<ShellScript> scripts;  // as far as ShellCheck sees them
  ShellcheckAnswer answer;
};

ScriptChecks::Known ScriptChecks::known(const std::vector<ShellScript>& scripts) const {
  Known known;
  for (const auto& script : scripts) {
    const auto answer = answers_.find(script.file());
    if (answer == answers_.end()) {
      known.complete = unavailable_;
    } else if (!answer->second.empty()) {
      auto read = read_shellcheck({script}, answer->second);
      if (read) std::ranges::move(*read, std::back_inserter(known.findings));
    }
  }
  return known;
}

void ScriptChecks::check(const std::vector<ShellScript>& scripts) {
  if (at_work_ || unavailable_) return;
  auto job = std::make_shared<Job>();
  for (const auto& script : scripts) {
    if (answers_.contains(script.file())) continue;
    auto& own = job->scripts.emplace_back();
    own.header = script.header;
    own.text = LogicalText(job->texts.emplace_back(script.text.view()), 0);
  }
  if (job->scripts.empty()) return;
  at_work_ = true;
  worker_ = std::jthread([this, job]() mutable {
    job->answer = run_shellcheck(job->scripts, processes_);
    hand_over_([this, job = std::move(job)] { take(*job); });
  });
}

void ScriptChecks::take(const Job& job) {
  worker_.join();
  at_work_ = false;
  unavailable_ = !job.answer.error.empty() && !job.answer.late;
  if (unavailable_) return;
  if (answers_.size() > most_answers) answers_.clear();
  std::vector<Json> comments(job.scripts.size(), Json::array());
  for (std::string_view rest = job.answer.json; !rest.empty();) {
    const auto line = rest.substr(0, rest.find('\n'));
    rest.remove_prefix(std::min(line.size() + 1, rest.size()));
    const auto document = parse_json(line);
    for (auto comment : document.value.elements_at("comments")) {
      const std::string name(path_basename(comment.string_at("file")));
      for (std::size_t i = 0; i < comments.size(); ++i)
        if (name == std::to_string(i)) {
          comment["file"] = "0";
          comments[i].push_back(comment);
        }
    }
  }
  // A script that takes too long has none, until it is changed.
  for (std::size_t i = 0; i < comments.size(); ++i)
    answers_[job.scripts[i].file()] = comments[i].empty() ? "" : Json({{"comments", comments[i]}}).dump();
  on_answer_();
}

}  // namespace dockhew::cli
