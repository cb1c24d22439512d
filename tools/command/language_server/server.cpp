#include "language_server/server.hpp"

#include <unistd.h>

#include <cerrno>
#include <exception>
#include <filesystem>
#include <thread>

#include "dockerfile_lint.hpp"
#include "language_server/build_file_diagnostics.hpp"
#include "language_server/code_actions.hpp"
#include "language_server/completion.hpp"
#include "language_server/definition.hpp"
#include "language_server/diagnostics.hpp"
#include "language_server/hover.hpp"
#include "language_server/server_commands.hpp"
#include "language_server/symbols.hpp"
#include "language_server/transport.hpp"
#include "language_server/watched_files.hpp"
#include "version.hpp"

namespace dockhew::cli {
namespace {

constexpr std::chrono::milliseconds pause_after{400};  // without a keystroke
// How old may be what is known of files, where the client does not say when they change.
constexpr std::chrono::seconds unwatched_age{30};

const Json& params_of(const Json& message) {
  static const Json nothing = Json::object();
  const auto* params = message.find("params");
  return params == nullptr ? nothing : *params;
}

Reply no_document() { return {{}, ReplyError::invalid_params, "this document is not open, or is no Dockerfile"}; }

std::string read_bytes(int descriptor, std::size_t most) {
  std::string bytes(most, '\0');
  for (;;) {
    const auto count = ::read(descriptor, bytes.data(), bytes.size());
    if (count < 0 && errno == EINTR) continue;
    bytes.resize(count > 0 ? static_cast<std::size_t>(count) : 0);
    return bytes;
  }
}

}  // namespace

Server::Server(const Options& options, const Facts& facts, int input, int output)
    : input_(input),
      output_(output),
      memory_(options, facts),
      checks_([this](std::function<void()> work) { inbox_.add_work(std::move(work)); }, [this] { outdate_all(); },
              options.jobs) {}

void Server::read_messages() {
  MessageReader reader([this](std::size_t most) { return read_bytes(input_, most); });
  while (auto body = reader.next()) {
    Incoming incoming;
    incoming.bytes = body->text.size();
    incoming.error = std::move(body->error);
    if (incoming.error.empty()) {
      auto parsed = parse_json(body->text);
      incoming.message = std::move(parsed.value);
      incoming.error = std::move(parsed.error);
    }
    const bool last = incoming.message.string_at("method") == "exit";
    inbox_.add(std::move(incoming));
    if (last) return;
  }
  inbox_.add({.end = true});
}

int Server::run() {
  std::jthread reader([this] {
    try {
      read_messages();
    } catch (const std::exception&) {  // no memory for what it is sent
      inbox_.add({.end = true});
    }
  });
  while (state_ != State::gone) {
    auto incoming = inbox_.next(pause_at_);
    if (incoming) take(*std::move(incoming));
    else pause();
    if (state_ != State::gone && inbox_.empty()) publish();
  }
  inbox_.close();
  return shut_down_ ? exit_clean : exit_found;
}

void Server::take(Incoming incoming) {
  if (incoming.work) return incoming.work();
  if (incoming.end) return void(state_ = State::gone);
  const auto& message = incoming.message;
  if (!incoming.error.empty())
    return send({{"jsonrpc", "2.0"},
                 {"id", Json()},
                 {"error", {{"code", static_cast<int>(ReplyError::parse_error)}, {"message", incoming.error}}}});
  const auto method = message.string_at("method");
  const auto* id = message.find("id");
  try {
    if (id != nullptr && !method.empty()) return take_request(*id, method, params_of(message));
    if (!method.empty()) return notice(method, params_of(message));
  } catch (const std::exception& error) {
    complain("", "the language server could not handle `" + method + "`: " + error.what());
    return;
  }
  const bool is_response = id != nullptr && (message.contains("result") || message.contains("error"));
  if (is_response) return;
  send({{"jsonrpc", "2.0"},
        {"id", id == nullptr ? Json() : *id},
        {"error", {{"code", static_cast<int>(ReplyError::invalid_request)}, {"message", "this is no request"}}}});
}

void Server::take_request(const Json& id, const std::string& method, const Json& params) {
  Reply reply;
  try {
    reply = inbox_.is_cancelled(id) ? Reply{{}, ReplyError::request_cancelled, "cancelled"} : answer(method, params);
  } catch (const std::exception& error) {
    reply = {{}, ReplyError::internal_error, std::string("internal error: ") + error.what()};
  }
  Json message = {{"jsonrpc", "2.0"}, {"id", id}};
  if (reply.error == ReplyError::none) message["result"] = std::move(reply.result);
  else message["error"] = {{"code", static_cast<int>(reply.error)}, {"message", reply.message}};
  send(message);
}

Reply Server::answer(const std::string& method, const Json& params) {
  if (method == "initialize") return initialize(params);
  if (state_ == State::starting) return {{}, ReplyError::not_initialized, "`initialize` comes first"};
  if (state_ == State::stopping) return {{}, ReplyError::invalid_request, "the server was told to shut down"};
  if (method == "shutdown") {
    state_ = State::stopping;
    shut_down_ = true;
    return {};
  }
  using Handler = Reply (Server::*)(const Json&);
  static const std::map<std::string_view, Handler> handlers = {
      {"codeAction/resolve", &Server::resolve_action},
      {"textDocument/codeAction", &Server::code_actions},
      {"textDocument/completion", &Server::complete},
      {"textDocument/definition", &Server::definition},
      {"textDocument/diagnostic", &Server::pull_diagnostics},
      {"textDocument/documentSymbol", &Server::symbols},
      {"textDocument/hover", &Server::hover},
      {"workspace/executeCommand", &Server::execute},
  };
  const auto handler = handlers.find(method);
  if (handler == handlers.end()) return {{}, ReplyError::method_not_found, "there is no method `" + method + "`"};
  return (this->*handler->second)(params);
}

void Server::notice(const std::string& method, const Json& params) {
  if (method == "exit") return void(state_ = State::gone);
  if (state_ != State::running) return;
  using Handler = void (Server::*)(const Json&);
  static const std::map<std::string_view, Handler> handlers = {
      {"textDocument/didChange", &Server::changed},
      {"textDocument/didClose", &Server::closed},
      {"textDocument/didOpen", &Server::opened},
      {"textDocument/didSave", &Server::saved},
      {"workspace/didChangeWatchedFiles", &Server::files_changed},
  };
  if (method == "initialized") return watch_files();
  if (const auto handler = handlers.find(method); handler != handlers.end()) (this->*handler->second)(params);
}

void Server::send(const Json& message) {
  const auto text = framed(message);
  for (std::string_view rest = text; !rest.empty();) {
    const auto count = ::write(output_, rest.data(), rest.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return void(state_ = State::gone);  // nobody reads any more
    rest.remove_prefix(static_cast<std::size_t>(count));
  }
}

void Server::ask_client(std::string_view method, Json params) {
  Json message = {{"jsonrpc", "2.0"}, {"id", "dockhew-" + std::to_string(++asked_)}, {"method", method}};
  if (!params.is_null()) message["params"] = std::move(params);
  send(message);
}

void Server::show(std::string_view message) {
  send({{"jsonrpc", "2.0"}, {"method", "window/showMessage"}, {"params", {{"type", 3}, {"message", message}}}});
}

Reply Server::initialize(const Json& params) {
  if (state_ != State::starting) return {{}, ReplyError::invalid_request, "`initialize` comes only once"};
  client_ = read_client(params);
  // Messages name files as somebody would who stands in the project.
  std::error_code error;
  if (!client_.root.empty()) std::filesystem::current_path(client_.root, error);
  memory_.forget();
  state_ = State::running;
  Json capabilities = {
      {"positionEncoding", to_string(client_.encoding)},
      {"textDocumentSync", {{"openClose", true}, {"change", 2}, {"save", true}}},
      {"codeActionProvider", {{"codeActionKinds", code_action_kinds()}, {"resolveProvider", client_.resolves_edits}}},
      {"completionProvider", {{"triggerCharacters", completion_triggers()}}},
      {"definitionProvider", true},
      {"documentSymbolProvider", true},
      {"executeCommandProvider", {{"commands", command_names()}}},
      {"hoverProvider", true}};
  if (client_.pulls_diagnostics)
    capabilities["diagnosticProvider"] = {
        {"identifier", "dockhew"}, {"interFileDependencies", false}, {"workspaceDiagnostics", false}};
  return {{{"capabilities", std::move(capabilities)}, {"serverInfo", {{"name", "dockhew"}, {"version", version}}}}};
}

void Server::watch_files() {
  if (!client_.watches_files) return;
  Json registration = {{"id", "dockhew-files"},
                       {"method", "workspace/didChangeWatchedFiles"},
                       {"registerOptions", {{"watchers", file_watchers(memory_.facts())}}}};
  ask_client("client/registerCapability", {{"registrations", Json::array(std::move(registration))}});
}

Reply Server::pull_diagnostics(const Json& params) {
  auto found = diagnostics(document_uri(params));
  return {{{"kind", "full"}, {"items", found.is_null() ? Json::array() : std::move(found)}}};
}

Reply Server::code_actions(const Json& params) {
  const auto found = snapshot(document_uri(params));
  return {found ? code_actions_at(*found, params, client_) : Json::array()};
}

Reply Server::resolve_action(const Json& params) {
  auto resolved = params;
  const auto* data = params.find("data");
  if (data == nullptr) return {std::move(resolved)};  // some editors ask for the edit of a command, too
  const auto found = snapshot(data->string_at("uri"));
  if (!found) return no_document();
  resolved["edit"] = edit_of_command(*found, read_command(*data), client_).edit;
  return {std::move(resolved)};
}

Reply Server::execute(const Json& params) {
  const auto command = read_command(params);
  if (command.kind == CommandKind::unknown)
    return {{}, ReplyError::invalid_params, "there is no command `" + params.string_at("command") + "`"};
  const auto found = snapshot(command.uri);
  if (!found) return no_document();
  auto done = edit_of_command(*found, command, client_);
  if (!done.message.empty()) show(done.message);
  if (done.edit.is_null()) return {};
  if (!client_.applies_edits) return {std::move(done.edit)};
  ask_client("workspace/applyEdit", {{"label", done.label}, {"edit", std::move(done.edit)}});
  return {};
}

Reply Server::symbols(const Json& params) {
  const auto found = snapshot(document_uri(params));
  return {found ? document_symbols(*found, client_) : Json::array()};
}

Reply Server::hover(const Json& params) {
  const auto found = snapshot(document_uri(params));
  return {found ? hover_at(*found, found->positions.offset(params.find("position")), client_) : Json()};
}

Reply Server::definition(const Json& params) {
  const auto found = snapshot(document_uri(params));
  return {found ? definitions_at(*found, found->positions.offset(params.find("position"))) : Json::array()};
}

Reply Server::complete(const Json& params) {
  const auto found = snapshot(document_uri(params));
  return {found ? completions_at(*found, found->positions.offset(params.find("position"))) : Json::array()};
}

void Server::opened(const Json& params) {
  if (const auto* document = documents_.open(params)) outdate(document->uri);
}

void Server::changed(const Json& params) {
  if (const auto* document = documents_.change(params, client_.encoding)) outdate(document->uri);
  else snapshots_.erase(document_uri(params));
}

// What lies beside the file may have been saved with it.
void Server::saved(const Json&) {
  forget_files();
  pause_at_ = Clock::now();
}

void Server::closed(const Json& params) {
  const auto uri = document_uri(params);
  if (documents_.find(uri) == nullptr) return;
  documents_.close(uri);
  snapshots_.erase(uri);
  unpublished_.erase(uri);
  if (!client_.pulls_diagnostics)
    send({{"jsonrpc", "2.0"},
          {"method", "textDocument/publishDiagnostics"},
          {"params", {{"uri", uri}, {"diagnostics", Json::array()}}}});
}

void Server::files_changed(const Json&) { forget_files(); }

std::shared_ptr<const Snapshot> Server::snapshot(const std::string& uri) {
  const auto* document = documents_.find(uri);
  if (document == nullptr || !document->dockerfile) return nullptr;
  auto& known = snapshots_[uri];
  if (!known) known = take_snapshot(*document, memory_, checks_, client_.encoding);
  return known;
}

void Server::outdate(const std::string& uri) {
  snapshots_.erase(uri);
  unpublished_.insert(uri);
  pause_at_ = Clock::now() + pause_after;
}

void Server::outdate_all() {
  for (const auto& [uri, document] : documents_.all()) outdate(uri);
  if (client_.pulls_diagnostics && client_.refreshes_diagnostics) ask_client("workspace/diagnostic/refresh", Json());
}

void Server::forget_files() {
  memory_.forget();
  outdate_all();
}

void Server::publish() {
  const auto uris = std::exchange(unpublished_, {});
  if (client_.pulls_diagnostics) return;
  for (const auto& uri : uris) publish(uri);
}

void Server::publish(const std::string& uri) {
  auto found = diagnostics(uri);
  if (found.is_null()) return;
  const auto version = documents_.find(uri)->version;
  send({{"jsonrpc", "2.0"},
        {"method", "textDocument/publishDiagnostics"},
        {"params", {{"uri", uri}, {"version", version}, {"diagnostics", std::move(found)}}}});
}

Json Server::diagnostics(const std::string& uri) {
  if (const auto found = snapshot(uri)) return diagnostics_of(*found, client_);
  const auto* document = documents_.find(uri);
  return document != nullptr && document->build_file ? build_file_diagnostics(*document, memory_, client_) : Json();
}

void Server::pause() {
  pause_at_.reset();
  if (!client_.watches_files && memory_.age() > unwatched_age) forget_files();
  for (const auto& [uri, document] : documents_.all()) {
    if (checks_.is_at_work()) return;
    const auto found = snapshot(uri);
    if (found && !found->scripts_checked) checks_.check(scripts_to_check(*found->file, *found->settings));
  }
}

}  // namespace dockhew::cli
