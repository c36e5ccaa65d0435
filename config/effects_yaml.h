// The keys `family`, `effects`, `scope` and `payload_by_op_base` as words: one table for reading and writing.
#pragma once

#include <array>
#include <optional>
#include <string>

#include "config/device.h"
#include "config/yaml_reader.h"

namespace nandtlm {

inline constexpr std::array<Choice<Family>, 3> kFamilyWords = {
    {{"PROGRAM", Family::Program}, {"ERASE", Family::Erase}, {"NONE", Family::None}}};
inline constexpr std::array<Choice<Scope>, 3> kScopeWords = {
    {{"NONE", Scope::None}, {"PLANE_SET", Scope::PlaneSet}, {"DIE_WIDE", Scope::DieWide}}};
inline constexpr std::array<Choice<PayloadKey>, 6> kPayloadWords = {{{"die", PayloadKey::Die},
                                                                     {"plane", PayloadKey::Plane},
                                                                     {"block", PayloadKey::Block},
                                                                     {"page", PayloadKey::Page},
                                                                     {"celltype", PayloadKey::Celltype},
                                                                     {"exp_val", PayloadKey::ExpVal}}};

/// The state of a word, in any case; DOUT, DATAIN and the like are other names (CFG-02).
std::optional<State> state_from_word(std::string_view word);

/// Overwrites the parts of `effects` that the map names.
void read_effects(const YamlNode& node, const std::string& path, Diagnostics& out, Effects& effects);

/// All parts as a YAML map in one line: read_effects() makes the same of it.
std::string effects_text(const Effects& effects);
bool same_effects(const Effects& a, const Effects& b);
std::string payload_text(const std::vector<PayloadKey>& payload);

}  // namespace nandtlm
