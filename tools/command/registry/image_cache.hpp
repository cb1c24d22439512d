// What registries have sent, kept by digest below the user's cache directory, so that it is asked for once: manifests
// and configurations, which never change, and what a name stood for when it was last asked. Nothing that is read from
// there is trusted more than an answer of a registry.
#pragma once

#include <mutex>
#include <optional>
#include <string>

namespace dockhew::cli {

class ImageCache {
 public:
  // Of the user. Where there is no place for it, nothing is kept.
  ImageCache();

  // Bytes with this digest.
  std::optional<std::string> find(const std::string& digest) const;
  void keep(const std::string& digest, const std::string& bytes);

  // The digest that a canonical name stood for.
  std::optional<std::string> digest_of(const std::string& name) const;
  void keep_name(const std::string& name, const std::string& digest);

 private:
  std::string directory_;
  std::mutex mutex_;  // one thread writes
};

}  // namespace dockhew::cli
