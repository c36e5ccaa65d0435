// The rows of a run's files, as compact as they must be for a million of each.
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "testbench/check/decimal.h"

namespace nandtlm::check {

using OpUid = std::uint64_t;
/// Index of a text in Names.
using NameId = std::uint32_t;
inline constexpr NameId kNoName = std::numeric_limits<NameId>::max();

/// Every op name and base once.
class Names {
 public:
  NameId id(std::string_view text);
  const std::string& text(NameId id) const { return texts_[id]; }
  std::size_t size() const { return texts_.size(); }

 private:
  std::map<std::string, NameId, std::less<>> ids_;
  std::vector<std::string> texts_;
};

/// -1 where there is none.
struct Place {
  std::int32_t die = -1;
  std::int32_t plane = -1;
  std::int32_t block = -1;
  std::int32_t page = -1;
};
bool operator==(const Place& a, const Place& b);
bool operator<(const Place& a, const Place& b);

/// In the order in which events of one op can follow each other at one instant.
enum class EventKind : std::uint8_t { Start, Resume, Suspend, End, Abort };
const char* text(EventKind kind);

/// Half-open range of indices.
struct Range {
  std::uint32_t first = 0;
  std::uint32_t last = 0;
  bool empty() const { return first == last; }
  std::size_t size() const { return last - first; }
};

struct SequenceRow {
  Ps time = 0;
  OpUid uid = 0;
  Range payload;  ///< into RunFiles::payloads
  NameId name = kNoName;
  std::uint32_t line = 0;
};

struct PieceRow {
  Ps start = 0;
  Ps end = 0;
  OpUid uid = 0;
  Place place;
  NameId name = kNoName;
  NameId base = kNoName;
  std::uint32_t line = 0;
};

struct StateRow {
  Ps start = 0;
  Ps end = 0;
  std::int32_t die = -1;
  std::int32_t plane = -1;
  NameId name = kNoName;
  NameId base = kNoName;
  std::uint32_t line = 0;
  bool issue = false;
};

struct EventRow {
  Ps at = 0;
  OpUid uid = 0;
  Place place;
  NameId name = kNoName;
  std::uint32_t line = 0;
  EventKind kind = EventKind::Start;
  bool is_resumed = false;
};

struct ProgramRow {
  Ps at = 0;
  OpUid uid = 0;
  Place place;
  NameId name = kNoName;
  NameId base = kNoName;
  std::uint32_t line = 0;
  bool resumed = false;
};

/// What a suspend stops; a base belongs to one by its name (CFG-05).
enum class Kin : std::uint8_t { Program, Erase, None };
inline constexpr std::size_t kKins = 2;
const char* text(Kin kin);
/// PROGRAM or ERASE in the name; None where neither is.
Kin kin_named_in(std::string_view base);

struct ErrorRow {
  Ps time = 0;
  OpUid uid = 0;
  Ps wanted_start = 0;
  Ps remaining = 0;
  std::int32_t die = -1;
  std::uint32_t line = 0;
  Kin kin = Kin::None;
};

}  // namespace nandtlm::check
