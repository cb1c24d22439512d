#include "stages/base_sizes.hpp"

#include <algorithm>

#include "ecosystems/runtime_image.hpp"
#include "ecosystems/smaller_forms.hpp"
#include "model/runs.hpp"
#include "stages/runtime_choice.hpp"
#include "text/amounts.hpp"

namespace dockhew::inline stages {
namespace {

// Nothing where no registry said it.
std::optional<ImageSize> size_of(const Facts& facts, const ImageReference& image, const Stage& stage,
                                 const std::string& name) {
  const auto* answer = facts.resolved ? facts.resolved->find(image, stage.platform) : nullptr;
  if (answer == nullptr || answer->found != Found::image || answer->image.bytes <= 0) return std::nullopt;
  return ImageSize{name, answer->digest, answer->image.bytes};
}

std::optional<ShippedBase> shipped_base(const Dockerfile& file, const Stage& stage) {
  auto base = size_of(file.facts(), stage.reference, stage, shown_base(stage));
  if (!base) return std::nullopt;
  ShippedBase result{&stage, *std::move(base), std::nullopt, {}};
  if (const auto smaller = smaller_image(file, stage)) {
    result.smaller = size_of(file.facts(), *smaller, stage, smaller->name() + ':' + smaller->tag_or_digest());
    if (result.smaller && result.smaller->bytes >= result.base.bytes) result.smaller.reset();
  }
  for (auto& form : smaller_forms(stage)) {
    auto size = size_of(file.facts(), parse_image_reference(form.name), stage, form.name);
    const bool named = result.smaller && result.smaller->image == form.name;
    if (size && !named && size->bytes < result.base.bytes) result.others.push_back({*std::move(size), form.difference});
  }
  std::ranges::sort(result.others, {}, [](const OtherForm& other) { return other.size.bytes; });
  return result;
}

}  // namespace

std::vector<const Stage*> stages_of_shipped_bases(const Dockerfile& file) {
  std::vector<const Stage*> bases;
  for (const auto& stage : file.stages()) {
    if (!stage.target) continue;
    const auto* base = chain_of(file, stage).back();
    if (!base->scratch && !base->implicit && std::ranges::find(bases, base) == bases.end()) bases.push_back(base);
  }
  std::ranges::sort(bases, {}, [](const Stage* stage) { return stage->index; });
  return bases;
}

std::vector<ShippedBase> shipped_bases(const Dockerfile& file) {
  std::vector<ShippedBase> bases;
  if (!file.facts().resolved) return bases;
  for (const auto* stage : stages_of_shipped_bases(file))
    if (auto base = shipped_base(file, *stage)) bases.push_back(*std::move(base));
  return bases;
}

std::string size_comparison(const Dockerfile& file, const Stage& stage) {
  if (!file.facts().resolved) return {};
  const auto base = shipped_base(file, stage);
  if (!base || !base->smaller) return {};
  const auto amount = [](const ImageSize& size) { return readable_bytes(static_cast<std::uint64_t>(size.bytes)); };
  return "; `" + base->base.image + "` is " + amount(base->base) + " to download, `" + base->smaller->image + "` " +
         amount(*base->smaller);
}

}  // namespace dockhew::inline stages
