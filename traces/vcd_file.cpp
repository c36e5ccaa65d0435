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

char* put(char* out, std::string_view text) {
  return out + text.copy(out, text.size());
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
      line_room_(BinaryForm::kRoom + ReadyText::kBlock) {
  file_.append("$version nandtlm $end\n$timescale 1 ps $end\n");
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

  Form form;
  form.values = values_index(values);
  const std::string end = (&values == &bits_ ? "" : " ") + code + "\n";
  form.end_size = static_cast<std::uint8_t>(end.copy(form.end.data(), form.end.size()));
  forms_.push_back(form);
  variables_.emplace_back();
  line_room_ = std::max(line_room_, values.room() + 2 * ReadyText::kBlock);
  const auto var = static_cast<Var>(variables_.size() - 1);
  set(var, initial);
  return var;
}

std::uint32_t VcdFile::values_index(const VcdValues& values) {
  std::uint32_t i = 0;
  while (i < values_.size() && values_[i].ready != values.data()) ++i;
  if (i == values_.size()) values_.push_back({values.data(), values.size()});
  return i;
}

void VcdFile::end_definitions() {
  file_.append("$enddefinitions $end\n");
  file_.end_row();
  file_.flush();
  file_.check();
}

void VcdFile::close(Time at) {
  if (!closed_) {
    const Time last = now_;
    leave_instant(at, 0, [](char* out) { return out; });
    if (at > last) {
      file_.advance_to(format_time(file_.room(line_room_), at));
      file_.end_row();
    }
  }
  closed_ = true;
  file_.close();
}

/// The first instant is the $dumpvars of every variable.
char* VcdFile::begin_instant(std::size_t lines) {
  char* out = format_time(file_.room((2 + dirty_size_ + lines) * line_room_), now_);
  return started_ ? out : put(out, "$dumpvars\n");
}

/// The variables that were set and differ from what was written.
char* VcdFile::write_set(char* out) {
  // Local, because for all the compiler knows the characters that are written might lie in this object.
  Variable* const variables = variables_.data();
  const Var* const dirty = dirty_.data();
  const std::size_t count = dirty_size_;
  for (std::size_t i = 0; i < count; ++i) {
    Variable& variable = variables[dirty[i]];
    if (variable.value == variable.written) continue;
    variable.written = variable.value;
    out = line(out, dirty[i], variable.value);
  }
  dirty_size_ = 0;
  return out;
}

/// One instant is one row: a dump that is cut short ends with a whole instant.
void VcdFile::end_instant(const char* values, char* out) {
  if (!started_) {
    out = put(out, "$end\n");
    started_ = true;
  } else if (out == values) {
    return;
  }
  file_.advance_to(out);
  file_.end_row();
}

}  // namespace nandtlm
