// Texts that stand in output again and again: made once, copied in blocks.
#pragma once

#include <array>
#include <cstddef>
#include <cstring>
#include <string>
#include <string_view>

namespace nandtlm {

/// A constant text that is copied in whole blocks, mostly one: where it is written, some characters behind it may be
/// written too.
class ReadyText {
 public:
  static constexpr std::size_t kBlock = 32;

  ReadyText() = default;
  explicit ReadyText(std::string_view text) : size_(text.size()) {
    text.copy(first_.data(), kBlock);
    if (size_ <= kBlock) return;
    rest_ = text.substr(kBlock);
    rest_.resize((rest_.size() + kBlock - 1) / kBlock * kBlock);
  }

  /// Characters that copy() may write.
  std::size_t room() const { return kBlock + rest_.size(); }
  std::size_t size() const { return size_; }
  /// Writes the text at `out`, returns its end. Needs room() characters.
  char* copy(char* out) const {
    std::memcpy(out, first_.data(), kBlock);
    if (size_ > kBlock) std::memcpy(out + kBlock, rest_.data(), rest_.size());
    return out + size_;
  }

 private:
  std::array<char, kBlock> first_{};
  std::size_t size_ = 0;
  std::string rest_;  ///< whole blocks
};

}  // namespace nandtlm
