#include "testbench/check/csv_reader.h"

#include <cstring>

namespace nandtlm::check {
namespace {

constexpr std::size_t kChunk = std::size_t{1} << 18;
/// A row longer than this is no row of ours: do not read a whole disk image into memory.
constexpr std::size_t kLongestRow = std::size_t{1} << 22;

}  // namespace

CsvReader::CsvReader(const std::string& path) : file_(path, std::ios::binary) {
  buffer_.resize(2 * kChunk);
}

CsvReader::Row CsvReader::fail(const char* why) {
  error_ = why;
  begin_ = filled_;
  at_end_ = true;
  return Row::Bad;
}

bool CsvReader::refill() {
  if (at_end_) return false;
  std::memmove(buffer_.data(), buffer_.data() + begin_, filled_ - begin_);
  filled_ -= begin_;
  begin_ = 0;
  if (buffer_.size() - filled_ < kChunk) buffer_.resize(buffer_.size() * 2);
  file_.read(buffer_.data() + filled_, static_cast<std::streamsize>(buffer_.size() - filled_));
  const auto got = static_cast<std::size_t>(file_.gcount());
  filled_ += got;
  at_end_ = got == 0;
  return got != 0;
}

CsvReader::Row CsvReader::find_end(std::size_t& end) {
  bool quoted = false;
  std::uint32_t lines = 0;
  for (std::size_t length = 0;; ++length) {
    if (begin_ + length == filled_ && !refill()) {
      if (length == 0) return Row::End;
      return fail(quoted ? "the file ends inside quotes" : "the last row is cut: it has no line end");
    }
    const char c = buffer_[begin_ + length];
    if (c == '"') quoted = !quoted;
    if (c == '\0') return fail("not a text file (zero byte)");
    if (c == '\n') {
      ++lines;
      if (!quoted) {
        next_line_ += lines;
        end = begin_ + length;
        return Row::Ok;
      }
    }
    if (length > kLongestRow) return fail("a row of more than 4 MiB (binary file, or a quote that never closes)");
  }
}

CsvReader::Row CsvReader::next() {
  if (!error_.empty()) return Row::Bad;
  line_ = next_line_;
  std::size_t end = 0;
  const Row found = find_end(end);
  if (found != Row::Ok) return found;
  std::string_view row(buffer_.data() + begin_, end - begin_);
  begin_ = end + 1;
  if (!row.empty() && row.back() == '\r') row.remove_suffix(1);
  if (line_ == 1 && row.substr(0, 3) == "\xEF\xBB\xBF") row.remove_prefix(3);
  return split(row) ? Row::Ok : fail("misplaced quotes");
}

bool CsvReader::take_quoted(std::string_view& rest) {
  rest.remove_prefix(1);
  std::size_t close = rest.find('"');
  const std::size_t start = unescaped_.size();
  while (close != std::string_view::npos && close + 1 < rest.size() && rest[close + 1] == '"') {
    unescaped_.append(rest.substr(0, close + 1));
    rest.remove_prefix(close + 2);
    close = rest.find('"');
  }
  if (close == std::string_view::npos) return false;
  if (unescaped_.size() == start) {
    fields_.push_back(rest.substr(0, close));
  } else {
    unescaped_.append(rest.substr(0, close));
    fields_.push_back(std::string_view(unescaped_).substr(start));
  }
  rest.remove_prefix(close + 1);
  return rest.empty() || rest.front() == ',';
}

bool CsvReader::split(std::string_view row) {
  fields_.clear();
  unescaped_.clear();
  unescaped_.reserve(row.size());  // views into it must not move
  while (true) {
    if (!row.empty() && row.front() == '"') {
      if (!take_quoted(row)) return false;
    } else {
      const std::string_view field = row.substr(0, row.find(','));
      if (field.find('"') != std::string_view::npos) return false;
      fields_.push_back(field);
      row.remove_prefix(field.size());
    }
    if (row.empty()) return true;
    row.remove_prefix(1);  // the comma; what follows is one more field, be it empty
  }
}

}  // namespace nandtlm::check
