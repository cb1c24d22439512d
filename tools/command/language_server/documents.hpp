// The documents that are open in the editor: their texts as they are there, which is not what is on disk.
#pragma once

#include <cstdint>
#include <map>
#include <string>

#include "language_server/positions.hpp"
#include "text/json.hpp"

namespace dockhew::cli {

// Bytes of all of them together, and how many there are. What goes beyond is not kept, and so not linted.
constexpr std::size_t largest_documents = std::size_t{128} << 20U;
constexpr std::size_t most_documents = 1000;

struct OpenDocument {
  std::string uri;   // as the client writes it
  std::string path;  // of its file; "-" for one that has none, as with standard input
  std::int64_t version = 0;
  std::string text;
  bool dockerfile = false;  // and not something else that an editor sends all the same
  bool build_file = false;  // a Compose file, bake file or workflow, by its name
};

class OpenDocuments {
 public:
  // Parameters of the notifications of the same names. Each gives the document, or null where there is none: it was
  // never opened, or is too large.
  OpenDocument* open(const Json& params);
  OpenDocument* change(const Json& params, Encoding encoding);
  void close(const std::string& uri);

  OpenDocument* find(const std::string& uri);
  std::map<std::string, OpenDocument>& all() { return documents_; }

 private:
  bool fits();

  std::map<std::string, OpenDocument> documents_;
};

// The URI in the parameters of most requests: {"textDocument": {"uri": …}}.
std::string document_uri(const Json& params);

}  // namespace dockhew::cli
