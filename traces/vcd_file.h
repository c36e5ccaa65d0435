// A value change dump: scopes, variables, and changes that are pushed and collapsed per instant.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "traces/buffered_file.h"
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

/// Writes a VCD with a timescale of 1 ps. Only variables whose value at the end of an instant differs from the value
/// before it are written, so the cost grows with the number of changes.
class VcdFile {
 public:
  /// Index of a variable.
  using Var = std::uint32_t;
  /// Drawn as "nothing here": high impedance, a text as "-".
  static constexpr std::int64_t kNoValue = -1;

  /// Throws OutputError.
  explicit VcdFile(const std::string& path, const OutputOptions& options = {});

  void open_scope(const std::string& scope_name);
  void close_scope();
  /// A variable of one bit that starts as `initial`.
  Var add_bit(const std::string& var_name, std::int64_t initial);
  /// An unsigned number of `width` bits, at least 2.
  Var add_number(const std::string& var_name, std::uint32_t width, std::int64_t initial);
  /// A text; its value is a number of `texts`, which outlive this.
  Var add_text(const std::string& var_name, const VcdValues& texts, std::int64_t initial);
  /// Ends the declarations; throws OutputError where the file cannot be written.
  void end_definitions();

  /// The instant of the following set() calls; never goes back.
  void advance(Time at) {
    if (at != now_) leave_instant(at);
  }
  /// `value` is at least 0, or kNoValue.
  void set(Var var, std::int64_t value) {
    Variable& variable = variables_[var];
    if (variable.value == value) return;
    variable.value = value;
    // A variable that is set twice stands here twice: the second time there is nothing left to write.
    if (dirty_size_ == dirty_capacity_) grow_dirty();
    dirty_[dirty_size_++] = var;
  }
  /// Writes the last instant and `at` as the end of the dump. Throws OutputError if any write failed.
  void close(Time at);

  BufferedFile& file() { return file_; }
  const BufferedFile& file() const { return file_; }
  Time now() const { return now_; }

 private:
  struct Variable {
    std::int64_t value = kNoValue;
    std::int64_t written = kNoValue;
    const ReadyText* values = nullptr;  ///< [value + 1]
    std::size_t value_count = 0;        ///< larger values are numbers that are not ready
    std::array<char, 8> end{};          ///< what follows the value in its line: the identifier, the line end
    std::size_t end_size = 0;
  };

  Var add(const std::string& var_name, const char* type, std::uint32_t width, std::int64_t initial,
          const VcdValues& values);
  void grow_dirty() {
    dirty_capacity_ = 2 * dirty_capacity_ + 64;
    dirty_.resize(dirty_capacity_);
  }
  void leave_instant(Time at);
  void write_instant();
  void write_initial_values();
  void write_time(Time at);
  char* format_line(char* out, const Variable& variable);
  char* format_number(char* out, std::uint64_t value);

  BufferedFile file_;
  std::vector<Variable> variables_;
  std::vector<Var> dirty_;  ///< the first dirty_size_: set since the last instant, in that order
  std::size_t dirty_size_ = 0;
  std::size_t dirty_capacity_ = 0;
  Time now_ = 0;
  VcdValues bits_;
  VcdValues numbers_;
  std::size_t line_room_;  ///< of the longest line
  // The last number of this instant that was not ready, and where it was written: all planes of an op show the same.
  std::uint64_t number_ = 0;
  const char* number_text_ = nullptr;
  std::size_t number_size_ = 0;
  bool started_ = false;  ///< the initial values are written
  bool closed_ = false;
};

}  // namespace nandtlm
