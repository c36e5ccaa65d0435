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

/// Texts that a variable can show, encoded once. In the dump a text is a vector of 8-bit ASCII characters, right
/// aligned: plain IEEE 1364, which every viewer opens and shows as text when its format is set to ASCII.
class VcdTexts {
 public:
  explicit VcdTexts(const std::vector<std::string>& texts);

  /// Bits of a variable that can show every text; a multiple of 8, at least 8.
  std::uint32_t width() const { return width_; }
  /// "b0100..." of text `i`, in not more than 1 + width() characters.
  const ReadyText& encoded(std::size_t i) const { return encoded_[i]; }

 private:
  std::vector<ReadyText> encoded_;
  std::uint32_t width_ = 8;
};

/// Writes a VCD with a timescale of 1 ps. Only variables whose value at the end of an instant differs from the value
/// before it are written, so the cost grows with the number of changes.
class VcdFile {
 public:
  /// Index of a variable.
  using Var = std::uint32_t;
  /// Drawn as "nothing here" (high impedance).
  static constexpr std::int64_t kNoValue = -1;

  /// Throws OutputError.
  explicit VcdFile(const std::string& path, const OutputOptions& options = {});

  void open_scope(const std::string& scope_name);
  void close_scope();
  /// A variable of one bit that starts as `initial`.
  Var add_bit(const std::string& var_name, std::int64_t initial);
  /// An unsigned number of `width` bits, at least 2.
  Var add_number(const std::string& var_name, std::uint32_t width, std::int64_t initial);
  /// A text; its value is an index into `texts`, which outlives this.
  Var add_text(const std::string& var_name, const VcdTexts& texts, std::int64_t initial);
  /// Ends the declarations; throws OutputError where the file cannot be written.
  void end_definitions();

  /// The instant of the following set() calls; never goes back.
  void advance(Time at) {
    if (at != now_) leave_instant(at);
  }
  /// `value` is at least 0, or kNoValue.
  void set(Var var, std::int64_t value) {
    Variable& variable = variables_[var];
    variable.value = value;
    if (variable.dirty) return;
    variable.dirty = true;
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
    const VcdTexts* texts = nullptr;  ///< of a text
    std::array<char, 8> end{};        ///< what follows the value in its line: the identifier, the line end
    std::uint8_t end_size = 0;
    bool bit = false;
    bool dirty = false;
  };

  Var add(const std::string& var_name, const char* type, std::uint32_t width, std::int64_t initial);
  void leave_instant(Time at);
  void write_instant();
  void write_initial_values();
  void write_time(Time at);
  static char* format_line(char* out, const Variable& variable);
  static char* format_value(char* out, const Variable& variable);

  BufferedFile file_;
  std::vector<Variable> variables_;
  std::vector<Var> dirty_;  ///< the first dirty_size_: set since the last instant, in that order
  std::size_t dirty_size_ = 0;
  Time now_ = 0;
  std::size_t line_room_ = 128;  ///< of the longest line
  bool started_ = false;         ///< the initial values are written
  bool closed_ = false;
};

}  // namespace nandtlm
