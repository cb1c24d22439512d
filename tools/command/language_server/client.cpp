#include "language_server/client.hpp"

#include <algorithm>
#include <initializer_list>

#include "language_server/file_uri.hpp"

namespace dockhew::cli {
namespace {

using Path = std::initializer_list<std::string_view>;

const Json* find_at(const Json& value, Path path) {
  const auto* at = &value;
  for (const auto name : path)
    if (at != nullptr) at = at->find(name);
  return at;
}

bool is_true(const Json& value, Path path) {
  const auto* found = find_at(value, path);
  return found != nullptr && found->boolean() != nullptr && *found->boolean();
}

bool lists(const Json& value, Path path, std::string_view wanted) {
  const auto* found = find_at(value, path);
  return found != nullptr && std::ranges::any_of(found->elements(), [&](const Json& each) {
           return each.string() != nullptr && *each.string() == wanted;
         });
}

// The first that the client names and that is known; UTF-16 is what everyone knows.
Encoding agreed_encoding(const Json& capabilities) {
  const auto* named = find_at(capabilities, {"general", "positionEncodings"});
  if (named == nullptr) return Encoding::utf16;
  for (const auto& each : named->elements())
    for (const auto known : {Encoding::utf8, Encoding::utf16, Encoding::utf32})
      if (each.string() != nullptr && *each.string() == to_string(known)) return known;
  return Encoding::utf16;
}

std::string root_of(const Json& params) {
  for (const auto& folder : params.elements_at("workspaceFolders"))
    if (auto path = path_of_uri(folder.string_at("uri")); !path.empty()) return path;
  if (auto path = path_of_uri(params.string_at("rootUri")); !path.empty()) return path;
  return params.string_at("rootPath");
}

}  // namespace

Client read_client(const Json& params) {
  static const Json nothing = Json::object();
  const auto* said = params.find("capabilities");
  const auto& can = said == nullptr ? nothing : *said;
  Client client;
  client.encoding = agreed_encoding(can);
  client.root = root_of(params);
  client.pulls_diagnostics = find_at(can, {"textDocument", "diagnostic"}) != nullptr;
  client.refreshes_diagnostics = is_true(can, {"workspace", "diagnostics", "refreshSupport"});
  client.related_information = is_true(can, {"textDocument", "publishDiagnostics", "relatedInformation"}) ||
                               is_true(can, {"textDocument", "diagnostic", "relatedInformation"});
  client.code_descriptions = is_true(can, {"textDocument", "publishDiagnostics", "codeDescriptionSupport"}) ||
                             is_true(can, {"textDocument", "diagnostic", "codeDescriptionSupport"});
  client.versioned_edits = is_true(can, {"workspace", "workspaceEdit", "documentChanges"});
  client.creates_files = lists(can, {"workspace", "workspaceEdit", "resourceOperations"}, "create");
  client.annotates_edits = find_at(can, {"workspace", "workspaceEdit", "changeAnnotationSupport"}) != nullptr;
  client.literal_actions = find_at(can, {"textDocument", "codeAction", "codeActionLiteralSupport"}) != nullptr;
  client.resolves_edits = lists(can, {"textDocument", "codeAction", "resolveSupport", "properties"}, "edit") &&
                          is_true(can, {"textDocument", "codeAction", "dataSupport"});
  client.applies_edits = is_true(can, {"workspace", "applyEdit"});
  client.hierarchical_symbols = is_true(can, {"textDocument", "documentSymbol", "hierarchicalDocumentSymbolSupport"});
  client.markdown = lists(can, {"textDocument", "hover", "contentFormat"}, "markdown");
  client.snippets = is_true(can, {"textDocument", "completion", "completionItem", "snippetSupport"});
  client.watches_files = is_true(can, {"workspace", "didChangeWatchedFiles", "dynamicRegistration"});
  return client;
}

}  // namespace dockhew::cli
