#include "language_server/documents.hpp"

#include "files.hpp"
#include "language_server/file_uri.hpp"
#include "project/build_files.hpp"
#include "text/path.hpp"
#include "text/utf8.hpp"

namespace dockhew::cli {
namespace {

bool is_dockerfile(const std::string& language, const std::string& path) {
  const auto lower = to_lower_ascii(language);
  if (lower == "dockerfile" || lower == "containerfile" || lower == "docker") return true;
  const bool unsaid = lower.empty() || lower == "plaintext" || lower == "text";
  return unsaid && is_dockerfile_name(std::string(path_basename(path)));
}

// One of the changes of a notification: a range and what replaces it, or the whole new text.
void apply_change(std::string& text, const Json& change, Encoding encoding) {
  auto added = change.string_at("text");
  const auto* range = change.find("range");
  if (range == nullptr) {
    text = std::move(added);
    return;
  }
  const auto span = Positions(text, encoding).span(range);
  text.replace(span.begin, span.size(), added);
}

}  // namespace

std::string document_uri(const Json& params) {
  const auto* document = params.find("textDocument");
  return document == nullptr ? std::string() : document->string_at("uri");
}

OpenDocument* OpenDocuments::find(const std::string& uri) {
  const auto found = documents_.find(uri);
  return found == documents_.end() ? nullptr : &found->second;
}

bool OpenDocuments::fits() {
  std::size_t bytes = 0;
  for (const auto& [uri, document] : documents_) bytes += document.text.size();
  return bytes <= largest_documents && documents_.size() <= most_documents;
}

OpenDocument* OpenDocuments::open(const Json& params) {
  const auto* said = params.find("textDocument");
  if (said == nullptr || said->string_at("uri").empty()) return nullptr;
  const auto uri = said->string_at("uri");
  auto path = path_of_uri(uri);
  if (path.empty()) path = "-";
  const auto language = said->string_at("languageId");
  const bool dockerfile = is_dockerfile(language, path);
  documents_[uri] = {
      uri, path, said->integer_at("version"), said->string_at("text"), dockerfile, !dockerfile && is_build_file(path)};
  if (fits()) return find(uri);
  close(uri);
  return nullptr;
}

OpenDocument* OpenDocuments::change(const Json& params, Encoding encoding) {
  auto* document = find(document_uri(params));
  if (document == nullptr) return nullptr;
  document->version = params.find("textDocument")->integer_at("version");
  for (const auto& change : params.elements_at("contentChanges")) apply_change(document->text, change, encoding);
  if (fits()) return document;
  // Without one of its changes the text is wrong from now on.
  close(document_uri(params));
  return nullptr;
}

void OpenDocuments::close(const std::string& uri) { documents_.erase(uri); }

}  // namespace dockhew::cli
