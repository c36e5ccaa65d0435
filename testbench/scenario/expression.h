// Exact arithmetic over decimals and loop counters: the numbers of a scenario.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "config/scalars.h"
#include "tlm/types.h"

namespace nandtlm {

/// Values of the loop counters in scope, outermost loop first.
using Counters = std::vector<std::int64_t>;

/// A sum like `100 + 255.37 * $i`: decimals of at most 6 places, `0x5A`, `$counter`, + - * / % and parentheses.
/// A value is kept in millionths, so that one that means µs is a whole number of ps. Nothing is ever rounded: `/` and
/// `%` are those of whole numbers, and a product that has no exact value is an error.
class Expression {
 public:
  static constexpr std::int64_t kOne = 1'000'000;

  Expression() : Expression(0) {}
  /// A constant, in millionths.
  explicit Expression(std::int64_t millionths) : code_{{Kind::Constant, millionths}} {}

  /// `counters` are the names that `$name` may use; the values are found at the same positions.
  static Parsed<Expression> parse(std::string_view text, const std::vector<std::string>& counters);

  /// In millionths; for a time: ps. std::nullopt on overflow, a division by zero, a fraction where a whole number must
  /// be.
  std::optional<std::int64_t> evaluate(const Counters& counters) const;
  /// The same as a whole number; std::nullopt also where it is none.
  std::optional<std::int64_t> evaluate_whole(const Counters& counters) const;

  /// How many numbers and operators it has.
  std::size_t terms() const { return code_.size(); }
  /// False where it uses a counter.
  bool constant() const;

 private:
  friend class ExpressionParser;

  enum class Kind : std::uint8_t { Constant, Counter, Negate, Add, Subtract, Multiply, Divide, Modulo };
  struct Code {
    Kind kind = Kind::Constant;
    std::int64_t value = 0;  ///< the constant, or the counter's position
  };

  static bool apply(Kind kind, std::int64_t& left, std::int64_t right);

  std::vector<Code> code_;  ///< in reverse Polish notation
};

}  // namespace nandtlm
