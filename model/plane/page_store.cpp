#include "model/plane/page_store.h"

#include <algorithm>

namespace nandtlm {
namespace {

/// Which bits a program that was cut for good has cleared already: about half, the same ones on every run.
std::uint8_t half_done(std::size_t i) {
  std::uint32_t hash = static_cast<std::uint32_t>(i) * 2654435761U;
  hash ^= hash >> 15U;
  return static_cast<std::uint8_t>(hash);
}

}  // namespace

Page PageStore::find(std::uint32_t block, std::uint32_t page, std::uint8_t sub_page) const {
  const auto pages = blocks_.find(block);
  if (pages == blocks_.end()) return nullptr;
  const auto found = pages->second.find(key(page, sub_page));
  return found == pages->second.end() ? nullptr : found->second;
}

void PageStore::put(std::uint32_t block, std::uint32_t page, std::uint8_t sub_page, Page contents) {
  if (contents == nullptr) {
    const auto pages = blocks_.find(block);
    if (pages != blocks_.end()) pages->second.erase(key(page, sub_page));
    return;
  }
  blocks_[block][key(page, sub_page)] = std::move(contents);
}

Page programmed_over(const Page& contents, const std::uint8_t* data, std::size_t size, bool corrupt) {
  if (size == 0 && !corrupt) return contents;  // nothing is known of the data: no bit is cleared
  auto result = std::make_shared<PageContents>();
  if (contents != nullptr) *result = *contents;
  result->corrupt = result->corrupt || corrupt;
  if (result->bytes.size() < size) result->bytes.resize(size, kErasedByte);
  for (std::size_t i = 0; i < size; ++i) {
    const std::uint8_t kept = corrupt ? static_cast<std::uint8_t>(data[i] | half_done(i)) : data[i];
    result->bytes[i] = static_cast<std::uint8_t>(result->bytes[i] & kept);
  }
  return result;
}

}  // namespace nandtlm
