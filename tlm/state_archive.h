// State written down and read back: one function per class does both (SNP-01).
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <type_traits>
#include <unordered_map>
#include <utility>
#include <vector>

namespace nandtlm {

/// State that cannot be written down, or bytes that are not what is read. what() is one line.
class StateError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// Goes over state in one direction: saving it into bytes(), or loading it from given bytes. A class that has state
/// tells all of it in one function, `void transfer(StateArchive& archive)`, and passes its members through operator():
/// what is saved and what is loaded cannot differ. Numbers take as many bytes as they need, and the same ones on every
/// machine.
///
/// Takes integers, enums, bool, std::string, std::pair, std::optional, std::array, sequences with resize(), maps,
/// std::shared_ptr (shared before, shared after), and what has transfer() itself.
class StateArchive {
 public:
  /// Saves.
  StateArchive() = default;
  /// Loads from `bytes`, which outlive this. Whoever loads says so, and throws StateError where they end too early.
  explicit StateArchive(std::string_view bytes) : input_(bytes), loading_(true) {}

  bool loading() const { return loading_; }
  /// What was saved so far.
  const std::string& bytes() const { return output_; }

  template <typename... Values>
  void operator()(Values&... values) {
    (pass(values), ...);
  }

  /// A sequence whose items need more than their values: `item(element)` passes one.
  template <typename Sequence, typename Item>
  void each(Sequence& sequence, Item&& item) {
    std::size_t size = sequence.size();
    count(size);
    if (!loading_) {
      for (auto& element : sequence) item(element);
      return;
    }
    sequence.clear();
    for (std::size_t i = 0; i < size; ++i) {
      sequence.resize(i + 1);  // one by one: there is no room for what does not come
      item(sequence[i]);
    }
  }
  /// A number of things that follow, each of which takes a byte at least. Throws StateError for more than there can be.
  void count(std::size_t& size);

  /// The same for what is shared: `item(object)` passes it where it comes for the first time.
  template <typename T, typename Item>
  void shared(std::shared_ptr<T>& pointer, Item&& item) {
    using Object = std::remove_const_t<T>;
    std::uint64_t number_of = 0;
    const bool first = name_shared(pointer.get(), number_of);
    if (loading_ && number_of == 0) pointer = nullptr;
    if (loading_ && number_of != 0) {
      if (first) loaded_.push_back(std::make_shared<Object>());
      pointer = std::static_pointer_cast<T>(loaded_[number_of - 1]);
    }
    if (first) item(const_cast<Object&>(*pointer));
  }

  /// Whatever stands here stands here in both directions. Throws StateError where it does not.
  void mark(const char* section);
  /// Throws StateError unless all bytes were read.
  void expect_end() const;

 private:
  template <typename T, typename = void>
  struct Transfers : std::false_type {};
  template <typename T>
  struct Transfers<T, std::void_t<decltype(std::declval<T&>().transfer(std::declval<StateArchive&>()))>>
      : std::true_type {};
  template <typename T, typename = void>
  struct IsMap : std::false_type {};
  template <typename T>
  struct IsMap<T, std::void_t<typename T::mapped_type>> : std::true_type {};

  template <typename T>
  void pass(T& value) {
    if constexpr (Transfers<T>::value) {
      value.transfer(*this);
    } else if constexpr (std::is_enum_v<T>) {
      auto number = static_cast<std::underlying_type_t<T>>(value);
      pass(number);
      value = static_cast<T>(number);
    } else if constexpr (std::is_integral_v<T>) {
      pass_number(value);
    } else if constexpr (IsMap<T>::value) {
      pass_map(value);
    } else {
      each(value, [this](auto& element) { this->pass(element); });
    }
  }
  template <typename T>
  void pass_number(T& value) {
    if constexpr (std::is_signed_v<T>) {
      // Small negative numbers (-1: none) stay short.
      const std::int64_t wide{value};
      std::uint64_t bits = (static_cast<std::uint64_t>(wide) << 1U) ^ (wide < 0 ? ~std::uint64_t{0} : 0);
      number(bits);
      if (loading_) value = in_range<T>(static_cast<std::int64_t>((bits >> 1U) ^ (0 - (bits & 1U))));
    } else {
      std::uint64_t bits{value};
      number(bits);
      if (loading_) value = in_range<T>(bits);
    }
  }
  template <typename T, typename Wide>
  static T in_range(Wide value) {
    const T narrow = static_cast<T>(value);
    if (Wide{narrow} != value) throw StateError("a number of the state is too large");
    return narrow;
  }
  void pass(std::string& text);
  void pass(std::vector<bool>& flags);
  void pass(std::vector<std::uint8_t>& bytes);
  template <typename T, std::size_t N>
  void pass(std::array<T, N>& items) {
    for (T& item : items) pass(item);
  }
  template <typename A, typename B>
  void pass(std::pair<A, B>& both) {
    pass(both.first);
    pass(both.second);
  }
  template <typename T>
  void pass(std::optional<T>& value) {
    bool there = value.has_value();
    pass(there);
    if (loading_) value = there ? std::optional<T>(T()) : std::nullopt;
    if (there) pass(*value);
  }
  template <typename T>
  void pass(std::shared_ptr<T>& pointer) {
    shared(pointer, [this](auto& object) { this->pass(object); });
  }

  template <typename Map>
  void pass_map(Map& map) {
    std::size_t size = map.size();
    count(size);
    if (!loading_) {
      // In the order of the keys: the same state gives the same bytes.
      std::vector<typename Map::value_type*> items;
      items.reserve(map.size());
      for (auto& item : map) items.push_back(&item);
      std::sort(items.begin(), items.end(), [](const auto* a, const auto* b) { return a->first < b->first; });
      for (auto* item : items) {
        auto key = item->first;
        (*this)(key, item->second);
      }
      return;
    }
    map.clear();
    for (std::size_t i = 0; i < size; ++i) {
      typename Map::key_type key{};
      typename Map::mapped_type value{};
      (*this)(key, value);
      map.emplace_hint(map.end(), std::move(key), std::move(value));
    }
  }

  void number(std::uint64_t& value);
  /// Numbers what is shared from 1 on, nullptr is 0. True where its contents follow: it comes for the first time.
  bool name_shared(const void* object, std::uint64_t& number_of);
  std::string_view take(std::size_t size);

  std::string output_;
  std::string_view input_;  ///< what is left of it
  bool loading_ = false;
  std::unordered_map<const void*, std::uint64_t> saved_;
  std::vector<std::shared_ptr<void>> loaded_;
};

}  // namespace nandtlm
