// The language server: takes messages one after the other, keeps the state that they are about, and says what has
// changed when nothing is waiting. Each feature is a function of a snapshot in a file of its own.
#pragma once

#include <chrono>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>

#include "language_server/client.hpp"
#include "language_server/documents.hpp"
#include "language_server/inbox.hpp"
#include "language_server/project_memory.hpp"
#include "language_server/script_checks.hpp"
#include "language_server/snapshot.hpp"

namespace dockhew::cli {

// Error codes of JSON-RPC and of the protocol.
enum class ReplyError : int {
  none = 0,
  parse_error = -32700,
  invalid_request = -32600,
  method_not_found = -32601,
  invalid_params = -32602,
  internal_error = -32603,
  not_initialized = -32002,
  request_cancelled = -32800,
};

struct Reply {
  Json result = {};
  ReplyError error = ReplyError::none;
  std::string message = {};  // of the error
};

class Server {
 public:
  // Reads from and writes to file descriptors. The other two must outlive the server.
  Server(const Options& options, const Facts& facts, int input, int output);
  // Until the client says `exit`, or is gone. Returns the exit status that the protocol asks for.
  int run();

 private:
  enum class State { starting, running, stopping, gone };
  using Clock = Inbox::Clock;

  void read_messages();
  void take(Incoming incoming);
  void take_request(const Json& id, const std::string& method, const Json& params);
  Reply answer(const std::string& method, const Json& params);
  void notice(const std::string& method, const Json& params);
  void send(const Json& message);
  void ask_client(std::string_view method, Json params);
  void show(std::string_view message);

  Reply initialize(const Json& params);
  void watch_files();
  Reply pull_diagnostics(const Json& params);
  Reply code_actions(const Json& params);
  Reply resolve_action(const Json& params);
  Reply execute(const Json& params);
  Reply symbols(const Json& params);
  Reply hover(const Json& params);
  Reply definition(const Json& params);
  Reply complete(const Json& params);

  void opened(const Json& params);
  void changed(const Json& params);
  void saved(const Json& params);
  void closed(const Json& params);
  void files_changed(const Json& params);

  // Null where there is no such document, or it is no Dockerfile.
  std::shared_ptr<const Snapshot> snapshot(const std::string& uri);
  void outdate(const std::string& uri);
  void outdate_all();
  void forget_files();
  void publish();
  void publish(const std::string& uri);
  // Null where there is no such document, or nothing is said of its kind.
  Json diagnostics(const std::string& uri);
  void pause();

  int input_, output_;
  Inbox inbox_;
  Client client_;
  ProjectMemory memory_;
  OpenDocuments documents_;
  ScriptChecks checks_;
  std::map<std::string, std::shared_ptr<const Snapshot>> snapshots_;  // of what was asked since the last change
  std::set<std::string> unpublished_;
  std::optional<Clock::time_point> pause_at_;  // when nobody has typed for a while
  State state_ = State::starting;
  bool shut_down_ = false;
  std::uint64_t asked_ = 0;  // requests to the client so far
};

}  // namespace dockhew::cli
