#include "registry/images.hpp"

#include <filesystem>

#include "files.hpp"
#include "ordered_work.hpp"
#include "writing.hpp"

namespace dockhew::cli {
namespace {

constexpr std::size_t at_the_same_time = 8;  // registries mostly make us wait

std::string key_of(const ImageQuestion& question) { return question.image.canonical() + ' ' + question.platform; }

}  // namespace

Outcome<std::unique_ptr<Images>> Images::open(const Options& options, LockUse use) {
  std::unique_ptr<Images> images(new Images);
  if (!options.offline)
    images->client_ = std::make_unique<RegistryClient>(std::chrono::seconds(options.registry_timeout));
  images->registry_ = std::make_unique<RegistrySource>(images->client_.get(), options.resolve_files);
  images->source_ = images->registry_.get();
  if (auto obstacle = images->open_lock(options, use)) return *obstacle;
  if (options.images.empty()) return images;
  auto places = image_places(options.images);
  if (!places) return places.declined();
  images->local_ = std::make_unique<LocalSource>(*images->source_, *std::move(places), options.resolve_files);
  images->source_ = images->local_.get();
  return images;
}

Obstacle Images::open_lock(const Options& options, LockUse use) {
  if (options.lock.empty()) return std::nullopt;
  lock_path_ = options.lock;
  LockedImages locked;
  std::error_code error;
  if (std::filesystem::exists(options.lock, error)) {
    auto read = read_file(options.lock);
    if (!read.error.empty()) return Declined{read.error};
    auto known = read_lock(read.text);
    if (!known) return known.declined();
    lock_text_ = std::move(read.text);
    locked = *std::move(known);
  }
  locked_ = std::make_unique<LockedSource>(*source_, std::move(locked), use, options.resolve_files);
  source_ = locked_.get();
  return std::nullopt;
}

ResolvedImage Images::ask(const ImageQuestion& question) {
  return question.platform.empty() ? source_->digest(question.image)
                                   : source_->image(question.image, question.platform);
}

std::vector<ResolvedImage> Images::ask(const std::vector<ImageQuestion>& questions) {
  std::map<std::string, const ImageQuestion*> open;
  for (const auto& question : questions)
    if (auto key = key_of(question); !answers_.contains(key)) open.emplace(std::move(key), &question);
  const std::vector<std::pair<std::string, const ImageQuestion*>> list(open.begin(), open.end());
  std::size_t next = 0;
  work_in_order(
      list.size(), at_the_same_time, [&](std::size_t i) { return ask(*list[i].second); },
      [&](ResolvedImage answer) { answers_[list[next++].first] = std::move(answer); });
  std::vector<ResolvedImage> answers;
  for (const auto& question : questions) answers.push_back(answers_[key_of(question)]);
  return answers;
}

std::string Images::save() {
  if (!locked_) return {};
  const auto text = write_lock(locked_->images());
  if (text == lock_text_) return {};
  return write_file(lock_path_, text).error;
}

}  // namespace dockhew::cli
