// A value change dump: scopes, variables, and changes that are pushed and collapsed per instant.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>
#include <vector>

#include "traces/buffered_file.h"
#include "traces/number_texts.h"
#include "traces/ready_text.h"

namespace nandtlm {

/// What the values 0, 1, 2 and so on of a variable look like in the dump, made ready once; and "nothing here".
class VcdValues {
 public:
  /// Texts as values of a `string` variable. White space and what cannot be printed becomes "_": it would end the
  /// value.
  static VcdValues of_texts(const std::vector<std::string>& texts);
  /// `prefix` and the binary digits of all numbers below `count`.
  static VcdValues of_numbers(const std::string& prefix, std::uint64_t count);

  /// Of value i at i + 1, of "nothing here" at 0.
  const ReadyText* data() const { return ready_.data(); }
  std::size_t size() const { return ready_.size(); }
  /// Characters that a value may touch.
  std::size_t room() const { return room_; }

 private:
  void add(const std::string& text);

  std::vector<ReadyText> ready_;
  std::size_t room_ = 0;
};

/// Writes a VCD with a timescale of 1 ps. Variables are of two kinds: of those with an initial value, this remembers
/// the value and writes it where it differs at the end of an instant; those without are written by their owner, in the
/// lines() of an instant.
class VcdFile {
 public:
  /// Index of a variable.
  using Var = std::uint32_t;
  /// Drawn as "nothing here": high impedance, a text as "-".
  static constexpr std::int64_t kNoValue = -1;
  /// No value yet, not even kNoValue.
  static constexpr std::int64_t kUnset = -2;

  /// Throws OutputError.
  explicit VcdFile(const std::string& path, const OutputOptions& options = {});

  void open_scope(const std::string& scope_name);
  void close_scope();
  /// A variable of one bit that starts as `initial`.
  Var add_bit(const std::string& var_name, std::int64_t initial = kUnset);
  /// An unsigned number of `width` bits, at least 2.
  Var add_number(const std::string& var_name, std::uint32_t width, std::int64_t initial = kUnset);
  /// A text; its value is a number of `texts`, which outlive this.
  Var add_text(const std::string& var_name, const VcdValues& texts, std::int64_t initial = kUnset);
  /// Ends the declarations; throws OutputError where the file cannot be written.
  void end_definitions();

  /// The instant of the following set() calls; never goes back.
  void advance(Time at) {
    if (at != now_) leave_instant(at, 0, [](char* out) { return out; });
  }
  /// The same, where `lines(out)` writes up to `count` lines of the instant that is left at `out`, each by line(), and
  /// returns their end. In the first instant it writes every variable that has no initial value.
  template <typename Lines>
  void leave_instant(Time at, std::size_t count, Lines&& lines) {
    char* const values = begin_instant(count);
    end_instant(values, lines(write_set(values)));
    now_ = at;
  }
  /// Writes the line of `var` with `value` at `out`, returns its end.
  char* line(char* out, Var var, std::int64_t value) {
    const Form& form = forms_[var];
    const Values& values = values_[form.values];
    const auto i = static_cast<std::size_t>(value + 1);
    if (i < values.count) {
      out = values.ready[i].copy(out);
    } else {
      out = large_numbers_.put(out, static_cast<std::uint64_t>(value));
    }
    std::memcpy(out, form.end.data(), form.end.size());
    return out + form.end_size;
  }
  /// Characters that one line may touch.
  std::size_t line_room() const { return line_room_; }
  /// `value` is at least 0, or kNoValue.
  void set(Var var, std::int64_t value) {
    Variable& variable = variables_[var];
    if (variable.value == value) return;
    variable.value = value;
    // A variable that is set twice stands here twice: the second time there is nothing left to write.
    if (dirty_size_ == dirty_capacity_) grow_dirty();
    dirty_[dirty_size_++] = var;
  }
  /// SNP-01: the current instant and what was written last; see BufferedFile::transfer().
  void transfer(StateArchive& archive);
  /// Closes without the current instant. Throws OutputError.
  void leave();
  /// Writes the last instant and `at` as the end of the dump. Throws OutputError if any write failed.
  void close(Time at);

  BufferedFile& file() { return file_; }
  const BufferedFile& file() const { return file_; }
  Time now() const { return now_; }

 private:
  struct Variable {
    std::int64_t value = kUnset;
    std::int64_t written = kUnset;

    template <typename Archive>
    void transfer(Archive& archive) {
      archive(value, written);
    }
  };
  /// How a variable's lines look. Small: all of them are in use all the time.
  struct Form {
    std::array<char, 7> end{};  ///< what follows the value: the identifier, the line end
    std::uint8_t end_size = 0;
    std::uint32_t values = 0;  ///< index in values_
  };
  struct Values {
    const ReadyText* ready = nullptr;  ///< [value + 1]
    std::size_t count = 0;             ///< larger values are numbers that are not ready
  };

  Var add(const std::string& var_name, const char* type, std::uint32_t width, std::int64_t initial,
          const VcdValues& values);
  std::uint32_t values_index(const VcdValues& values);
  void grow_dirty() {
    dirty_capacity_ = 2 * dirty_capacity_ + 64;
    dirty_.resize(dirty_capacity_);
  }
  char* begin_instant(std::size_t lines);
  char* write_set(char* out);
  void end_instant(const char* values, char* out);

  BufferedFile file_;
  std::vector<Variable> variables_;  ///< by Var
  std::vector<Form> forms_;          ///< by Var
  std::vector<Values> values_;
  std::vector<Var> dirty_;  ///< the first dirty_size_: set since the last instant, in that order
  std::size_t dirty_size_ = 0;
  std::size_t dirty_capacity_ = 0;
  Time now_ = 0;
  VcdValues bits_;
  VcdValues numbers_;
  std::size_t line_room_;  ///< of the longest line
  NumberTexts<BinaryForm> large_numbers_;
  bool started_ = false;  ///< the initial values are written
  bool closed_ = false;
};

}  // namespace nandtlm
