#include "traces/vcd_file.h"

#include <algorithm>

namespace nandtlm {
namespace {

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

VcdValues VcdValues::of_texts(const std::vector<std::string>& texts) {
  VcdValues values;
  values.add("s-");
  for (std::string text : texts) {
    std::replace_if(
        text.begin(), text.end(), [](char c) { return c <= ' ' || c == '\x7f'; }, '_');
    values.add("s" + text);
  }
  return values;
}

VcdValues VcdValues::of_numbers(const std::string& prefix, std::uint64_t count) {
  VcdValues values;
  values.add(prefix + "z");
  for (std::uint64_t i = 0; i < count; ++i) {
    std::array<char, kMaxBinaryText> text{};
    values.add(prefix + std::string(text.data(), format_binary(text.data(), i)));
  }
  return values;
}

void VcdValues::add(const std::string& text) {
  ready_.emplace_back(text);
  room_ = std::max(room_, ready_.back().room());
}

VcdFile::VcdFile(const std::string& path, const OutputOptions& options)
    : file_(path, options),
      bits_(VcdValues::of_numbers("", 2)),
      numbers_(VcdValues::of_numbers("b", 256)),
      line_room_(kMaxBinaryText + 2 * ReadyText::kBlock) {
  file_.append("$version nandtlm $end\n$timescale 1 ps $end\n");
}

/// Needs line_room_ characters.
inline char* VcdFile::format_line(char* out, const Variable& variable) {
  const auto i = static_cast<std::size_t>(variable.value + 1);
  if (i < variable.value_count) {
    out = variable.values[i].copy(out);
  } else {
    out = format_number(out, static_cast<std::uint64_t>(variable.value));
  }
  std::memcpy(out, variable.end.data(), variable.end.size());
  return out + variable.end_size;
}

inline char* VcdFile::format_number(char* out, std::uint64_t value) {
  if (number_text_ == nullptr || value != number_) {
    number_ = value;
    number_text_ = out;
    *out = 'b';
    char* const end = format_binary(out + 1, value);
    number_size_ = static_cast<std::size_t>(end - out);
    return end;
  }
  for (std::size_t i = 0; i < number_size_; i += ReadyText::kBlock) {
    std::memcpy(out + i, number_text_ + i, ReadyText::kBlock);
  }
  return out + number_size_;
}

void VcdFile::open_scope(const std::string& scope_name) {
  file_.append("$scope module " + identifier(scope_name) + " $end\n");
}

void VcdFile::close_scope() {
  file_.append("$upscope $end\n");
}

VcdFile::Var VcdFile::add_bit(const std::string& var_name, std::int64_t initial) {
  return add(var_name, "wire", 1, initial, bits_);
}

VcdFile::Var VcdFile::add_number(const std::string& var_name, std::uint32_t width, std::int64_t initial) {
  return add(var_name, "reg", width, initial, numbers_);
}

VcdFile::Var VcdFile::add_text(const std::string& var_name, const VcdValues& texts, std::int64_t initial) {
  return add(var_name, "string", 1, initial, texts);
}

VcdFile::Var VcdFile::add(const std::string& var_name, const char* type, std::uint32_t width, std::int64_t initial,
                          const VcdValues& values) {
  const std::string code = code_of(variables_.size());
  file_.append("$var " + std::string(type) + " " + std::to_string(width) + " " + code + " " + identifier(var_name));
  if (width > 1) file_.append(" [" + std::to_string(width - 1) + ":0]");
  file_.append(" $end\n");

  Variable variable;
  variable.value = initial;
  variable.values = values.data();
  variable.value_count = values.size();
  const std::string end = (&values == &bits_ ? "" : " ") + code + "\n";
  variable.end_size = end.copy(variable.end.data(), variable.end.size());
  line_room_ = std::max(line_room_, values.room() + 2 * ReadyText::kBlock);
  variables_.push_back(variable);
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
  number_text_ = nullptr;  // what was written before may have left the buffer
  // Local, because for all the compiler knows the characters that are written might lie in this object.
  Variable* const variables = variables_.data();
  const Var* const dirty = dirty_.data();
  const std::size_t count = dirty_size_;
  for (std::size_t i = 0; i < count; ++i) {
    Variable& variable = variables[dirty[i]];
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
    number_text_ = nullptr;
    file_.advance_to(format_line(file_.room(line_room_), variable));
    variable.written = variable.value;
  }
  dirty_size_ = 0;
  file_.append("$end\n");
  file_.end_row();
}

void VcdFile::write_time(Time at) {
  file_.advance_to(format_time(file_.room(line_room_), at));
}

}  // namespace nandtlm
