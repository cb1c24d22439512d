// A Dockerfile while it is being written, and a client that sends any bytes: whatever is asked at any place has an
// answer, and places that are named lie in the text. The first two bytes choose the place, the third the encoding.
#include <algorithm>
#include <cstdlib>

#include "language_server/code_actions.hpp"
#include "language_server/completion.hpp"
#include "language_server/definition.hpp"
#include "language_server/diagnostics.hpp"
#include "language_server/hover.hpp"
#include "language_server/symbols.hpp"
#include "language_server/transport.hpp"

using namespace dockhew;
using namespace dockhew::cli;

namespace {

void read_as_messages(std::string_view bytes) {
  MessageReader reader([&](std::size_t most) {
    const std::string part(bytes.substr(0, std::min<std::size_t>(most, 7)));
    bytes.remove_prefix(part.size());
    return part;
  });
  while (const auto body = reader.next())
    if (body->error.empty()) parse_json(body->text);
}

const Options& plain_options() {
  static const Options options = [] {
    Options plain;
    plain.no_configuration = true;
    plain.shellcheck = Shellcheck::off;
    return plain;
  }();
  return options;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  read_as_messages({reinterpret_cast<const char*>(data), size});
  if (size < 3) return 0;
  const std::string text(reinterpret_cast<const char*>(data) + 3, size - 3);
  const auto offset = static_cast<std::uint32_t>((data[0] | (data[1] << 8U)) % (text.size() + 1));
  const auto encoding = static_cast<Encoding>(data[2] % 3);

  ProjectMemory memory(plain_options(), builtin_facts());
  const ScriptChecks checks([](const auto&) {}, [] {}, 1);
  const OpenDocument document{"untitled:a", "-", 1, text, true};
  const auto snapshot = take_snapshot(document, memory, checks, encoding);
  const auto& positions = snapshot->positions;
  const auto place = positions.position(offset);
  if (positions.offset(&place) > text.size()) std::abort();

  Client client;
  client.literal_actions = client.versioned_edits = client.hierarchical_symbols = client.related_information = true;
  const Json range = {{"range", {{"start", place}, {"end", place}}}};
  hover_at(*snapshot, offset, client).dump();
  definitions_at(*snapshot, offset).dump();
  completions_at(*snapshot, offset).dump();
  document_symbols(*snapshot, client).dump();
  diagnostics_of(*snapshot, client).dump();
  code_actions_at(*snapshot, range, client).dump();
  return 0;
}
