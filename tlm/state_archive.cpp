#include "tlm/state_archive.h"

namespace nandtlm {

void StateArchive::mark(const char* section) {
  std::string text = section;
  pass(text);
  if (text != section) throw StateError(std::string("the state of '") + section + "' is not where it was expected");
}

void StateArchive::expect_end() const {
  if (!input_.empty()) throw StateError("there is more state than was expected");
}

void StateArchive::pass(std::string& text) {
  std::size_t size = text.size();
  count(size);
  if (loading_) {
    text = take(size);
  } else {
    output_ += text;
  }
}

void StateArchive::pass(std::vector<bool>& flags) {
  std::size_t size = flags.size();
  count(size);
  if (loading_) flags.assign(size, false);
  for (std::size_t i = 0; i < size; ++i) {
    bool flag = flags[i];
    pass(flag);
    flags[i] = flag;
  }
}

void StateArchive::pass(std::vector<std::uint8_t>& bytes) {
  std::size_t size = bytes.size();
  count(size);
  if (loading_) {
    const std::string_view taken = take(size);
    bytes.assign(taken.begin(), taken.end());
  } else {
    output_.append(bytes.begin(), bytes.end());
  }
}

void StateArchive::number(std::uint64_t& value) {
  constexpr unsigned kBits = 7;
  constexpr std::uint64_t kMore = 1U << kBits;
  if (!loading_) {
    std::uint64_t rest = value;
    for (; rest >= kMore; rest >>= kBits) output_ += static_cast<char>(rest | kMore);
    output_ += static_cast<char>(rest);
    return;
  }
  value = 0;
  for (unsigned shift = 0; shift < 64; shift += kBits) {
    const auto byte = static_cast<std::uint8_t>(take(1).front());
    value |= (byte & (kMore - 1)) << shift;
    if ((byte & kMore) == 0) return;
  }
  throw StateError("a number of the state is too long");
}

void StateArchive::count(std::size_t& size) {
  std::uint64_t wide{size};
  number(wide);
  if (loading_ && wide > input_.size()) throw StateError("the state ends too early");
  size = wide;
}

bool StateArchive::name_shared(const void* object, std::uint64_t& number_of) {
  const std::uint64_t next = (loading_ ? loaded_.size() : saved_.size()) + 1;
  if (!loading_ && object != nullptr) number_of = saved_.emplace(object, next).first->second;
  number(number_of);
  if (number_of > next) throw StateError("the state names something that is not there");
  return number_of == next;
}

std::string_view StateArchive::take(std::size_t size) {
  if (size > input_.size()) throw StateError("the state ends too early");
  const std::string_view taken = input_.substr(0, size);
  input_.remove_prefix(size);
  return taken;
}

}  // namespace nandtlm
