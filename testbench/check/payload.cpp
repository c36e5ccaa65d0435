#include "testbench/check/payload.h"

#include <nlohmann/json.hpp>

namespace nandtlm::check {
namespace {

std::int32_t coordinate(const nlohmann::json& object, const char* key) {
  const auto found = object.find(key);
  if (found == object.end()) return kUntold;
  return found->is_number_integer() ? found->get<std::int32_t>() : -1;
}

}  // namespace

bool read_payload(std::string_view json, std::vector<Place>& out) {
  const nlohmann::json list = nlohmann::json::parse(json.begin(), json.end(), nullptr, false);
  if (!list.is_array()) return false;
  for (const nlohmann::json& object : list) {
    if (!object.is_object()) return false;
    out.push_back({coordinate(object, "die"), coordinate(object, "plane"), coordinate(object, "block"),
                   coordinate(object, "page")});
  }
  return true;
}

Place as_told(Place place, const Place& told) {
  if (told.die == kUntold) place.die = kUntold;
  if (told.plane == kUntold) place.plane = kUntold;
  if (told.block == kUntold) place.block = kUntold;
  if (told.page == kUntold) place.page = kUntold;
  return place;
}

}  // namespace nandtlm::check
