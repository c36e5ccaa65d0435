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

/// A name without white space and without the characters that divide a hierarchy.
std::string identifier(std::string text) {
  const auto is_bad = [](char c) { return c <= ' ' || c == '.' || c == '[' || c == ']' || c == '\x7f'; };
  std::replace_if(text.begin(), text.end(), is_bad, '_');
  return text;
}

}  // namespace

VcdTexts::VcdTexts(const std::vector<std::string>& texts) {
  for (const std::string& text : texts) {
    encoded_.push_back(encode(text));
    width_ = std::max(width_, static_cast<std::uint32_t>(8 * text.size()));
  }
}

VcdFile::VcdFile(const std::string& path, const OutputOptions& options) : file_(path, options) {
  file_.append("$version nandtlm $end\n$timescale 1 ps $end\n");
}

void VcdFile::open_scope(const std::string& scope_name) {
  file_.append("$scope module " + identifier(scope_name) + " $end\n");
}

void VcdFile::close_scope() {
  file_.append("$upscope $end\n");
}

VcdFile::Var VcdFile::add_bit(const std::string& var_name, std::int64_t initial) {
  const Var var = add(var_name, "wire", 1, initial);
  variables_[var].bit = true;
  return var;
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
  constexpr std::uint32_t kFirst = '!';
  constexpr std::uint32_t kLetters = '~' - '!' + 1;
  Variable variable;
  variable.value = initial;
  auto code = static_cast<std::uint32_t>(variables_.size());
  do {
    variable.id[variable.id_length++] = static_cast<char>(kFirst + code % kLetters);
    code /= kLetters;
  } while (code != 0);
  file_.append("$var " + std::string(type) + " " + std::to_string(width) + " ");
  file_.append(std::string_view(variable.id.data(), variable.id_length));
  file_.append(" " + identifier(var_name));
  if (width > 1) file_.append(" [" + std::to_string(width - 1) + ":0]");
  file_.append(" $end\n");
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
  bool time_written = false;
  for (const Var var : dirty_) {
    Variable& variable = variables_[var];
    variable.dirty = false;
    if (variable.value == variable.written) continue;
    if (!time_written) write_time(now_);
    time_written = true;
    write_value(variable);
    variable.written = variable.value;
  }
  dirty_.clear();
  if (time_written) file_.end_row();
}

/// The first instant is the $dumpvars of every variable.
void VcdFile::write_initial_values() {
  started_ = true;
  write_time(now_);
  file_.append("$dumpvars\n");
  for (Variable& variable : variables_) {
    write_value(variable);
    variable.written = variable.value;
    variable.dirty = false;
  }
  dirty_.clear();
  file_.append("$end\n");
  file_.end_row();
}

void VcdFile::write_time(Time at) {
  file_.append('#');
  file_.append_integer(at);
  file_.append('\n');
}

void VcdFile::write_value(const Variable& variable) {
  if (variable.bit) {
    file_.append(variable.value == kNoValue ? 'z' : static_cast<char>('0' + variable.value));
  } else {
    if (variable.value == kNoValue) {
      file_.append("bz");
    } else if (variable.texts != nullptr) {
      file_.append(variable.texts->encoded(static_cast<std::size_t>(variable.value)));
    } else {
      file_.append('b');
      file_.append_binary(static_cast<std::uint64_t>(variable.value));
    }
    file_.append(' ');
  }
  file_.append(std::string_view(variable.id.data(), variable.id_length));
  file_.append('\n');
}

}  // namespace nandtlm
