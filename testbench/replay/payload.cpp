#include "testbench/replay/payload.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

#include "config/scalars.h"

namespace nandtlm {
namespace {

constexpr std::array<std::string_view, 6> kKeys = {"die", "plane", "block", "page", "celltype", "exp_val"};
constexpr std::array<std::string_view, 3> kStatusWords = {"busy", "extrdy", "ready"};

constexpr std::size_t key_index(PayloadKey key) {
  return static_cast<std::size_t>(key);
}

/// Fed by the JSON parser value by value, so that no tree is built per row. The names and signatures are the library's.
class PayloadHandler {
 public:
  using number_integer_t = nlohmann::json::number_integer_t;
  using number_unsigned_t = nlohmann::json::number_unsigned_t;
  using number_float_t = nlohmann::json::number_float_t;
  using string_t = nlohmann::json::string_t;
  using binary_t = nlohmann::json::binary_t;

  PayloadHandler(const Device& device, SequencePayload& out) : device_(device), out_(out) {}

  const std::string& problem() const { return problem_; }

  bool start_array(std::size_t /*elements*/) {
    if (place_ != Place::Start) return fail_value("a list");
    place_ = Place::List;
    return true;
  }
  bool end_array() {
    place_ = Place::End;
    return true;
  }
  bool start_object(std::size_t /*elements*/) {
    if (place_ != Place::List) return fail_value("an object");
    place_ = Place::Object;
    seen_.fill(false);
    die_ = -1;
    target_ = Target();
    return true;
  }
  bool end_object() {
    place_ = Place::List;
    return take_die() && take_target();
  }
  bool key(const string_t& text) {
    const auto found = std::find(kKeys.begin(), kKeys.end(), text);
    if (found == kKeys.end()) {
      return fail(fmt::format("unknown key '{}', expected one of {}", text, fmt::join(kKeys, ", ")));
    }
    key_ = static_cast<PayloadKey>(found - kKeys.begin());
    if (seen_[key_index(key_)]) return fail(fmt::format("the key '{}' stands twice in one object", text));
    seen_[key_index(key_)] = true;
    return true;
  }

  bool null() { return place_ == Place::Object || fail_value("null"); }
  bool boolean(bool value) { return fail_value(value ? "true" : "false"); }
  bool number_float(number_float_t /*value*/, const string_t& text) { return fail_value(text); }
  bool binary(binary_t& /*value*/) { return fail_value("binary data"); }
  bool number_unsigned(number_unsigned_t value) {
    constexpr number_unsigned_t kLargest = 0x7FFFFFFF;
    return value > kLargest ? fail_value(std::to_string(value)) : number(static_cast<std::int32_t>(value));
  }
  bool number_integer(number_integer_t value) {  // negative: the others come as unsigned
    return value != -1 ? fail_value(std::to_string(value)) : number(-1);
  }
  bool string(const string_t& text) {
    if (place_ != Place::Object) return fail_value(fmt::format("'{}'", text));
    if (key_ == PayloadKey::Celltype) return celltype(text);
    if (key_ == PayloadKey::ExpVal) return expected_status(text);
    return fail_value(fmt::format("'{}'", text));
  }
  bool parse_error(std::size_t position, const std::string& /*token*/, const nlohmann::json::exception& /*why*/) {
    return fail(fmt::format("no JSON from character {} on, expected a list like [{{\"die\": 0}}]", position));
  }

 private:
  enum class Place : std::uint8_t { Start, List, Object, End };

  bool fail(std::string what) {
    problem_ = std::move(what);
    return false;
  }

  /// A value of the wrong kind for where it stands.
  bool fail_value(std::string_view value) {
    if (place_ != Place::Object) return fail(fmt::format("{} is not expected here, expected a list of objects", value));
    return fail(fmt::format("{}: {} is not expected, expected {}", kKeys[key_index(key_)], value, expectation()));
  }

  std::string expectation() const {
    const Topology& topology = device_.topology;
    const auto below = [](std::uint32_t count) { return fmt::format("a whole number from 0 to {}", count - 1); };
    switch (key_) {
      case PayloadKey::Die:
        return below(topology.dies);
      case PayloadKey::Plane:
        return below(topology.planes);
      case PayloadKey::Block:
        return below(topology.blocks_per_die);
      case PayloadKey::Page:
        return below(topology.pages_per_block);
      case PayloadKey::Celltype:
        return fmt::format("one of {}", fmt::join(device_.celltypes, ", "));
      case PayloadKey::ExpVal:
        break;
    }
    return fmt::format("{} or null", fmt::join(kStatusWords, ", "));
  }

  bool number(std::int32_t value) {
    if (place_ != Place::Object) return fail_value(std::to_string(value));
    const Topology& topology = device_.topology;
    switch (key_) {
      case PayloadKey::Die:
        return value < 0 ? fail_value(std::to_string(value)) : coordinate(value, topology.dies, die_);
      case PayloadKey::Plane:
        return coordinate(value, topology.planes, target_.plane);
      case PayloadKey::Block:
        return coordinate(value, topology.blocks_per_die, target_.block);
      case PayloadKey::Page:
        return coordinate(value, topology.pages_per_block, target_.page);
      default:
        return fail_value(std::to_string(value));
    }
  }

  bool coordinate(std::int32_t value, std::uint32_t count, std::int32_t& out) {
    if (value >= 0 && static_cast<std::uint32_t>(value) >= count) return fail_value(std::to_string(value));
    out = value;
    return true;
  }

  /// The operation's own cell type decides; a file that names one the device does not know is of another device.
  bool celltype(const string_t& text) { return device_.find_celltype(text) || fail_value(fmt::format("'{}'", text)); }

  bool expected_status(const string_t& text) {
    for (std::size_t i = 0; i < kStatusWords.size(); ++i) {
      if (!equal_ignoring_case(text, kStatusWords[i])) continue;
      out_.expected_status = static_cast<std::int8_t>(i);
      return true;
    }
    return fail_value(fmt::format("'{}'", text));
  }

  bool take_die() {
    if (die_ < 0) return true;
    const auto die = static_cast<std::uint32_t>(die_);
    if (out_.die != kAnyDie && out_.die != die) {
      return fail(fmt::format("die {} and die {} in one operation, expected one die", out_.die, die));
    }
    out_.die = die;
    return true;
  }

  bool take_target() {
    if (target_ == Target()) return true;
    if (target_.block >= 0) {
      const auto home = static_cast<std::int32_t>(device_.topology.plane_of(static_cast<std::uint32_t>(target_.block)));
      if (target_.plane >= 0 && target_.plane != home) {
        return fail(fmt::format("block {} on plane {}, expected plane {}", target_.block, target_.plane, home));
      }
    }
    if (out_.targets.size() == device_.topology.planes) {
      return fail(fmt::format("too many targets, expected at most one per plane ({})", device_.topology.planes));
    }
    out_.targets.push_back(target_);
    return true;
  }

  const Device& device_;
  SequencePayload& out_;
  std::string problem_;
  Place place_ = Place::Start;
  PayloadKey key_ = PayloadKey::Die;
  std::array<bool, kKeys.size()> seen_{};
  std::int32_t die_ = -1;
  Target target_;
};

}  // namespace

std::optional<std::string> parse_sequence_payload(std::string_view json, const Device& device, SequencePayload& out) {
  out = SequencePayload();
  PayloadHandler handler(device, out);
  if (nlohmann::json::sax_parse(json.begin(), json.end(), &handler)) {
    derive_planes(device.topology, out.targets);
    return std::nullopt;
  }
  return handler.problem();
}

}  // namespace nandtlm
