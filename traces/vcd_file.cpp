#include "traces/vcd_file.h"

#include <algorithm>

namespace nandtlm {
namespace {

std::string encode(std::string_view text) {
  std::string bits = "b";
  for (const char c : text) {
    for (int bit = 7; bit >= 0; --bit) bits += (static_cast<unsigned char>(c) >> bit & 1) != 0 ? '1' : '0';
  }
  return text.empty() ? "b0" : bits;
}

/// The identifier code of variable number `i`: at most 5 characters.
std::string code_of(std::size_t i) {
  constexpr std::size_t kLetters = '~' - '!' + 1;
  std::string code;
  do {
    code += static_cast<char>('!' + i % kLetters);
    i /= kLetters;
  } while (i != 0);
  return code;
}

/// A name without white space and without the characters that divide a hierarchy.
std::string identifier(std::string text) {
  const auto is_bad = [](char c) { return c <= ' ' || c == '.' || c == '[' || c == ']' || c == '\x7f'; };
  std::replace_if(text.begin(), text.end(), is_bad, '_');
  return text;
}

char* format_time(char* out, Time at) {
  *out = '#';
  out = format_integer(out + 1, at);
  *out = '\n';
  return out + 1;
}

}  // namespace

VcdTexts::VcdTexts(const std::vector<std::string>& texts) {
  for (const std::string& text : texts) {
    encoded_.emplace_back(encode(text));
    width_ = std::max(width_, static_cast<std::uint32_t>(8 * text.size()));
  }
}

VcdFile::VcdFile(const std::string& path, const OutputOptions& options) : file_(path, options) {
  file_.append("$version nandtlm $end\n$timescale 1 ps $end\n");
}

inline char* VcdFile::format_value(char* out, const Variable& variable) {
  if (variable.bit) {
    *out = variable.value == kNoValue ? 'z' : static_cast<char>('0' + variable.value);
    return out + 1;
  }
  if (variable.value == kNoValue) {
    std::memcpy(out, "bz", 2);
    return out + 2;
  }
  if (variable.texts != nullptr) return variable.texts->encoded(static_cast<std::size_t>(variable.value)).copy(out);
  *out = 'b';
  return format_binary(out + 1, static_cast<std::uint64_t>(variable.value));
}

/// Needs line_room_ characters.
inline char* VcdFile::format_line(char* out, const Variable& variable) {
  out = format_value(out, variable);
  std::memcpy(out, variable.end.data(), variable.end.size());
  return out + variable.end_size;
}

void VcdFile::open_scope(const std::string& scope_name) {
  file_.append("$scope module " + identifier(scope_name) + " $end\n");
}

void VcdFile::close_scope() {
  file_.append("$upscope $end\n");
}

VcdFile::Var VcdFile::add_bit(const std::string& var_name, std::int64_t initial) {
  return add(var_name, "wire", 1, initial);
}

VcdFile::Var VcdFile::add_number(const std::string& var_name, std::uint32_t width, std::int64_t initial) {
  return add(var_name, "reg", width, initial);
}

VcdFile::Var VcdFile::add_text(const std::string& var_name, const VcdTexts& texts, std::int64_t initial) {
  const Var var = add(var_name, "reg", texts.width(), initial);
  variables_[var].texts = &texts;
  return var;
}

VcdFile::Var VcdFile::add(const std::string& var_name, const char* type, std::uint32_t width, std::int64_t initial) {
  const std::string code = code_of(variables_.size());
  file_.append("$var " + std::string(type) + " " + std::to_string(width) + " " + code + " " + identifier(var_name));
  if (width > 1) file_.append(" [" + std::to_string(width - 1) + ":0]");
  file_.append(" $end\n");

  Variable variable;
  variable.value = initial;
  variable.bit = width == 1;
  const std::string end = (variable.bit ? "" : " ") + code + "\n";
  variable.end_size = static_cast<std::uint8_t>(end.copy(variable.end.data(), variable.end.size()));
  line_room_ = std::max(line_room_, width + 2 * ReadyText::kBlock);
  variables_.push_back(variable);
  dirty_.push_back(0);
  return static_cast<Var>(variables_.size() - 1);
}

void VcdFile::end_definitions() {
  file_.append("$enddefinitions $end\n");
  file_.end_row();
  file_.flush();
  file_.check();
}

void VcdFile::close(Time at) {
  if (!closed_) {
    write_instant();
    if (at > now_) {
      write_time(at);
      file_.end_row();
    }
  }
  closed_ = true;
  file_.close();
}

void VcdFile::leave_instant(Time at) {
  write_instant();
  now_ = at;
}

/// One instant is one row: a dump that is cut short ends with a whole instant.
void VcdFile::write_instant() {
  if (!started_) return write_initial_values();
  char* const begin = file_.room((1 + dirty_size_) * line_room_);
  char* const values = format_time(begin, now_);
  char* out = values;
  for (std::size_t i = 0; i < dirty_size_; ++i) {
    Variable& variable = variables_[dirty_[i]];
    variable.dirty = false;
    if (variable.value == variable.written) continue;
    variable.written = variable.value;
    out = format_line(out, variable);
  }
  dirty_size_ = 0;
  if (out == values) return;
  file_.advance_to(out);
  file_.end_row();
}

/// The first instant is the $dumpvars of every variable.
void VcdFile::write_initial_values() {
  started_ = true;
  write_time(now_);
  file_.append("$dumpvars\n");
  for (Variable& variable : variables_) {
    file_.advance_to(format_line(file_.room(line_room_), variable));
    variable.written = variable.value;
    variable.dirty = false;
  }
  dirty_size_ = 0;
  file_.append("$end\n");
  file_.end_row();
}

void VcdFile::write_time(Time at) {
  file_.advance_to(format_time(file_.room(line_room_), at));
}

}  // namespace nandtlm
