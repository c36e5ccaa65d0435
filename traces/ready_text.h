// Texts that stand in output again and again: made once, copied in blocks.
#pragma once

#include <cstddef>
#include <cstring>
#include <string>
#include <string_view>

namespace nandtlm {

/// A constant text that is copied without asking for its exact length: its characters are followed by some that may be
/// read, and where it is written, some characters behind it may be written too.
class ReadyText {
 public:
  static constexpr std::size_t kBlock = 16;

  ReadyText() : ReadyText(std::string_view()) {}
  explicit ReadyText(std::string_view text) : text_(text), size_(text.size()) {
    text_.resize((size_ + kBlock - 1) / kBlock * kBlock);
  }

  std::string_view view() const { return {text_.data(), size_}; }
  /// Characters that copy() may write.
  std::size_t room() const { return text_.size(); }
  /// Writes the text at `out`, returns its end. Needs room() characters.
  char* copy(char* out) const {
    const char* text = text_.data();
    for (std::size_t i = 0; i < size_; i += kBlock) std::memcpy(out + i, text + i, kBlock);
    return out + size_;
  }

 private:
  std::string text_;  ///< whole blocks
  std::size_t size_;
};

}  // namespace nandtlm
