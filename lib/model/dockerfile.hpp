// The meaning of one Dockerfile: its stages, the state before each instruction, and what its RUNs and COPYs do. Built
// once, read by every rule, and never changed: a rewrite creates a new text and a new model.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "facts/facts.hpp"
#include "model/bindings.hpp"
#include "model/build_context.hpp"
#include "model/mount.hpp"
#include "model/remembered_answers.hpp"
#include "model/script.hpp"
#include "model/step_answers.hpp"
#include "model/value.hpp"
#include "syntax/comments.hpp"
#include "syntax/document.hpp"
#include "syntax/word_lexer.hpp"

namespace dockhew::inline model {

// What is assumed where the file is silent: arguments without a default, the platform, and what a base image sets.
enum class Unsaid {
  unknown,      // it may be anything; rules stay silent about it
  plain_build,  // as in `docker build --check` on linux/amd64 without arguments, where a base image only sets PATH
};

struct CopySource {
  std::string text;  // variables expanded; empty when unknown
  bool known = true;
  bool heredoc = false;
  Span span;
};

// COPY or ADD.
struct Copy {
  std::vector<CopySource> sources;
  Value destination;       // absolute when known; a trailing slash or several sources make it a directory
  bool directory = false;  // the destination is written as a directory
  std::string destination_text;
  Span destination_span;
  std::string from;                    // as written; empty when the sources come from the build context
  std::optional<std::uint32_t> stage;  // `from` names an earlier stage
  bool from_context() const { return from.empty(); }
};

struct Step {
  const Instruction* instruction = nullptr;
  std::uint32_t index = 0;       // of the instruction in the document
  std::size_t bindings = 0;      // of the stage, in effect before this step
  Value workdir;                 // before this step
  Value user;                    // before this step
  bool posix = true;             // RUN is read by a POSIX shell
  std::string shell = "sh";      // the base name of that shell, by SHELL or by a comment
  std::vector<Mount> mounts;     // RUN
  std::optional<Script> script;  // only of a RUN, if its script could be analyzed
  std::optional<Copy> copy;      // COPY, ADD
  bool in_child = false;         // after ONBUILD: runs in the build of an image based on this one
  std::vector<Step> triggered;   // ONBUILD: the RUN, COPY or ADD it triggers in a child; none or one
};

struct Stage {
  std::uint32_t index = 0;
  std::string name;  // lower case; empty when unnamed
  const Instruction* from = nullptr;
  std::uint32_t from_index = 0;         // of FROM in the document
  bool implicit = false;                // the file has no FROM here; `from` is then empty and has no place
  std::optional<std::uint32_t> parent;  // FROM an earlier stage
  Value base;                           // image text, variables expanded; unknown when one is
  ImageReference reference;             // of `base` when known
  std::optional<ImageFacts> image;      // inherited from the parent stage
  bool scratch = false;
  std::string platform;             // that the base is for: "linux/arm64"; empty when it cannot be known
  bool base_from_argument = false;  // the base is only the default of a build argument
  Bindings environment;             // the parent's first
  std::vector<Step> steps;          // without FROM
  Value workdir, user;              // after the last step
  // Stages in an order in which those that continue one, however far, stand right after it: its own place, and the
  // first place after theirs.
  std::uint32_t place = 0, places_end = 0;
  bool target = false;   // the last one, or nothing in the file uses it, or a build known of stops at it
  bool shipped = false;  // see Dockerfile::ships
};

class Dockerfile {
 public:
  Dockerfile(std::string source, const Facts& facts, BuildContext context, Unsaid unsaid = Unsaid::unknown);

  // The same where the context can only be told by what the file copies: `find_context` is asked when it has been read.
  using FindContext = std::function<BuildContext(const Dockerfile& file)>;
  static std::shared_ptr<const Dockerfile> read(std::string source, const Facts& facts, const FindContext& find_context,
                                                Unsaid unsaid = Unsaid::unknown);

  // Calls `ask` while the file has another context. Nothing that is read of the file depends on its context, so only
  // the answers to questions about files differ. No other thread may ask this file anything meanwhile.
  void ask_in(BuildContext context, const std::function<void()>& ask) const;

  const Document& document() const { return document_; }
  const Facts& facts() const { return *facts_; }
  const BuildContext& context() const { return context_; }
  const std::vector<Stage>& stages() const { return stages_; }
  const std::vector<Instruction>& instructions() const { return document_.instructions(); }
  std::string_view source() const { return document_.source(); }
  Unsaid unsaid() const { return unsaid_; }
  const Bindings& global_arguments() const { return global_arguments_; }
  // How BuildKit expands the words of this file.
  LexOptions lex_options() const;
  // How many instructions precede the first stage, even if that has no FROM.
  std::size_t instructions_before_stages() const {
    return stages_.empty() ? instructions().size() : stages_.front().from_index;
  }

  // The value of a variable in FROM and in the defaults of global arguments; `arguments` of them are in effect.
  Value lookup_global(std::string_view name, std::size_t arguments) const;

  // The value of a variable before a step. HOME is derived from the user if known.
  Value lookup(const Stage& stage, std::size_t bindings, std::string_view name) const;
  Value lookup(const Stage& stage, const Step& step, std::string_view name) const;
  // A word of COPY, ENV and the like, expanded; unknown when a variable in it is unknown.
  Value expand(const Stage& stage, const Step& step, std::string_view word) const;
  // The home directory of the user in effect at a step.
  Value home(const Stage& stage, const Step& step) const;

  // Whether an image that somebody uses contains a stage: the last stage, those that nothing in the file uses, because
  // they can only be meant as targets (`--target dev`), those that a build known of stops at, and those that one of
  // these is built on.
  bool ships(const Stage& stage) const;
  const Stage& final_stage() const { return stages_.back(); }  // requires a stage
  std::optional<std::uint32_t> find_stage(std::string_view name, std::uint32_t before) const;

  // For which steps `holds` is true, found when it is first asked. `question` names everything that `holds` depends on
  // besides the file: the same question has the same answers.
  const StepAnswers& answers(StepAnswers::Name question, const StepAnswers::Question& holds) const;

  // What else was worked out about the file, once; see RememberedAnswers.
  template <typename Find, typename Size>
  auto answer(const std::string& question, const Find& find, const Size& size) const {
    return remembered_.answer(question, find, size);
  }

 private:
  void read_global_argument(const Instruction& instruction);
  void begin_stage(const Instruction& instruction, std::uint32_t index);
  std::string platform_of(const Instruction& from) const;
  void add_step(const Instruction& instruction, std::uint32_t index);
  void read_shell(const Stage& stage, Step& step) const;
  std::optional<std::string> named_shell(const Stage& stage, std::uint32_t end) const;
  Value bounded(Value value) const;
  void order_stages();
  void find_shipped();
  void read_run(Stage& stage, Step& step);
  void read_copy(const Stage& stage, Step& step);
  void read_trigger(Stage& stage, Step& step);
  void bind(Stage& stage, const Step& step);
  Value expand_value(const Stage& stage, std::size_t bindings, std::string_view word) const;
  Value platform_argument(std::string_view name) const;

  Document document_;
  const Facts* facts_;
  mutable BuildContext context_;  // see ask_in
  Unsaid unsaid_;
  std::size_t longest_value_ = 0;
  std::size_t context_patterns_ = 0;  // sources with wildcards so far
  Bindings global_arguments_;
  std::unique_ptr<Instruction> no_from_;  // of a stage without FROM
  std::vector<Stage> stages_;
  std::map<std::string, std::vector<std::uint32_t>, std::less<>> named_stages_;  // in order
  std::vector<ShellComment> shell_comments_;
  const Instruction* last_shell_ = nullptr;               // of the stage that is being read
  std::vector<std::optional<std::string>> stage_shells_;  // that are named at the end of each finished stage
  mutable std::map<std::string, StepAnswers> answers_;
  mutable RememberedAnswers remembered_;
};

}  // namespace dockhew::inline model
