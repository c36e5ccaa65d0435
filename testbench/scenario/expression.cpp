#include "testbench/scenario/expression.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <charconv>

namespace nandtlm {

/// Recursive descent: sum -> product -> factor. The first problem ends it.
class ExpressionParser {
 public:
  ExpressionParser(std::string_view text, const std::vector<std::string>& counters)
      : text_(text), rest_(text), counters_(counters) {}

  Parsed<Expression> parse() {
    expression_.code_.clear();
    sum();
    skip_space();
    if (problem_.empty() && !rest_.empty()) fail(fmt::format("unexpected '{}'", rest_.substr(0, 20)));
    if (!problem_.empty()) return {std::nullopt, problem_};
    return {expression_, {}};
  }

 private:
  using Kind = Expression::Kind;
  static constexpr int kMaxDepth = 32;

  void fail(const std::string& what) {
    if (!problem_.empty()) return;
    problem_ = fmt::format("'{}' is no number: {}, expected decimals, $counters, + - * / % and parentheses",
                           text_.substr(0, 60), what);
  }

  void skip_space() {
    while (!rest_.empty() && rest_.front() == ' ') rest_.remove_prefix(1);
  }
  bool take(char c) {
    skip_space();
    if (rest_.empty() || rest_.front() != c) return false;
    rest_.remove_prefix(1);
    return true;
  }
  void emit(Kind kind, std::int64_t value = 0) { expression_.code_.push_back({kind, value}); }

  void sum() {
    product();
    while (problem_.empty()) {
      const bool plus = take('+');
      if (!plus && !take('-')) return;
      product();
      emit(plus ? Kind::Add : Kind::Subtract);
    }
  }

  void product() {
    factor();
    while (problem_.empty()) {
      Kind kind = Kind::Multiply;
      if (take('/')) {
        kind = Kind::Divide;
      } else if (take('%')) {
        kind = Kind::Modulo;
      } else if (!take('*')) {
        return;
      }
      factor();
      emit(kind);
    }
  }

  void factor() {
    if (++depth_ > kMaxDepth) return fail("it is nested too deep");
    if (take('-')) {
      factor();
      emit(Kind::Negate);
    } else if (take('(')) {
      sum();
      if (!take(')')) fail("a ')' is missing");
    } else if (take('$')) {
      counter();
    } else {
      number();
    }
    --depth_;
  }

  void counter() {
    const auto is_word = [](char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_'; };
    const auto end = std::find_if_not(rest_.begin(), rest_.end(), is_word);
    const std::string_view word = rest_.substr(0, static_cast<std::size_t>(end - rest_.begin()));
    const auto found = std::find(counters_.begin(), counters_.end(), word);
    if (found == counters_.end()) {
      return fail(counters_.empty()
                      ? fmt::format("there is no loop with a counter '{}' here", word)
                      : fmt::format("unknown counter '{}', there is {}", word, fmt::join(counters_, ", ")));
    }
    rest_.remove_prefix(word.size());
    emit(Kind::Counter, found - counters_.begin());
  }

  void number() {
    skip_space();
    if (rest_.substr(0, 2) == "0x") return hexadecimal();
    const auto is_part = [](char c) { return std::isdigit(static_cast<unsigned char>(c)) != 0 || c == '.'; };
    const auto end = std::find_if_not(rest_.begin(), rest_.end(), is_part);
    const std::string_view digits = rest_.substr(0, static_cast<std::size_t>(end - rest_.begin()));
    if (digits.empty()) return fail("a number is missing");
    const Parsed<Time> value = parse_duration(digits);  // µs to ps: the same millionths
    if (!value.value) return fail(value.problem);
    rest_.remove_prefix(digits.size());
    emit(Kind::Constant, *value.value);
  }

  void hexadecimal() {
    std::uint32_t value = 0;
    const char* first = rest_.data() + 2;
    const auto [end, failure] = std::from_chars(first, rest_.data() + rest_.size(), value, 16);
    if (failure != std::errc()) return fail("0x without a hexadecimal number that fits 32 bits");
    rest_.remove_prefix(static_cast<std::size_t>(end - rest_.data()));
    emit(Kind::Constant, std::int64_t{value} * Expression::kOne);
  }

  std::string_view text_;
  std::string_view rest_;
  const std::vector<std::string>& counters_;
  Expression expression_;
  std::string problem_;
  int depth_ = 0;
};

Parsed<Expression> Expression::parse(std::string_view text, const std::vector<std::string>& counters) {
  return ExpressionParser(text, counters).parse();
}

bool Expression::apply(Kind kind, std::int64_t& left, std::int64_t right) {
  const bool whole_right = right % kOne == 0;
  switch (kind) {
    case Kind::Add:
      return !__builtin_add_overflow(left, right, &left);
    case Kind::Subtract:
      return !__builtin_sub_overflow(left, right, &left);
    case Kind::Multiply:
      if (whole_right) return !__builtin_mul_overflow(left, right / kOne, &left);
      return left % kOne == 0 && !__builtin_mul_overflow(left / kOne, right, &left);
    case Kind::Divide:
    case Kind::Modulo:
      if (!whole_right || right == 0 || left % kOne != 0) return false;
      left = kind == Kind::Divide ? left / right * kOne : left % right;
      return true;
    default:
      return false;
  }
}

std::optional<std::int64_t> Expression::evaluate(const Counters& counters) const {
  if (code_.size() == 1 && code_.front().kind == Kind::Constant) return code_.front().value;
  std::vector<std::int64_t> stack;
  for (const Code& code : code_) {
    if (code.kind == Kind::Constant) {
      stack.push_back(code.value);
    } else if (code.kind == Kind::Counter) {
      stack.push_back(counters[static_cast<std::size_t>(code.value)] * kOne);
    } else if (code.kind == Kind::Negate) {
      if (__builtin_sub_overflow(std::int64_t{0}, stack.back(), &stack.back())) return std::nullopt;
    } else {
      const std::int64_t right = stack.back();
      stack.pop_back();
      if (!apply(code.kind, stack.back(), right)) return std::nullopt;
    }
  }
  return stack.back();
}

std::optional<std::int64_t> Expression::evaluate_whole(const Counters& counters) const {
  const std::optional<std::int64_t> value = evaluate(counters);
  if (!value || *value % kOne != 0) return std::nullopt;
  return *value / kOne;
}

bool Expression::constant() const {
  return std::none_of(code_.begin(), code_.end(), [](const Code& code) { return code.kind == Kind::Counter; });
}

}  // namespace nandtlm
