// Contents of the pages of one plane, sparse: what was never programmed with data takes no room and reads FFh.
#pragma once

#include <cstdint>
#include <memory>
#include <unordered_map>
#include <vector>

namespace nandtlm {

/// One page's contents; shared, never changed after it is stored.
struct PageContents {
  std::vector<std::uint8_t> bytes;
  bool corrupt = false;

  template <typename Archive>
  void transfer(Archive& archive) {
    archive(bytes, corrupt);
  }
};
using Page = std::shared_ptr<const PageContents>;

inline constexpr std::uint8_t kErasedByte = 0xFF;

class PageStore {
 public:
  /// nullptr: erased or never programmed with data.
  Page find(std::uint32_t block, std::uint32_t page, std::uint8_t sub_page) const;
  /// Replaces the contents; nullptr takes them away.
  void put(std::uint32_t block, std::uint32_t page, std::uint8_t sub_page, Page contents);
  void erase_block(std::uint32_t block) { blocks_.erase(block); }

  template <typename Archive>
  void transfer(Archive& archive) {
    archive(blocks_);
  }

 private:
  static std::uint64_t key(std::uint32_t page, std::uint8_t sub_page) { return std::uint64_t{page} << 2U | sub_page; }

  std::unordered_map<std::uint32_t, std::unordered_map<std::uint64_t, Page>> blocks_;
};

/// `contents` after programming `data` over it: bits only go from 1 to 0. Shorter data leaves the rest as it is.
Page programmed_over(const Page& contents, const std::uint8_t* data, std::size_t size, bool corrupt);

}  // namespace nandtlm
