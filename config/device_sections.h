// The sections of a device file: one function reads one section into the context's device. Each reports its errors
// and goes on; where a section is wrong what it fills is incomplete.
#pragma once

#include <string>
#include <vector>

#include "config/load_context.h"
#include "config/op_draft.h"

namespace nandtlm {

// Any order.
void read_topology(const YamlNode& node, LoadContext& context);
void read_policies(const YamlNode& node, LoadContext& context);
/// Makes BaseSets of groups and tables possible, so first.
void read_celltypes(const YamlNode& node, LoadContext& context);
void read_bases(const YamlNode& node, LoadContext& context);

// After read_bases().
void read_payloads(const YamlNode* node, LoadContext& context);     ///< nullptr: defaults for all bases
void read_constraints(const YamlNode* node, LoadContext& context);  ///< nullptr: defaults
void read_program_whitelist(const YamlNode& node, LoadContext& context);
void read_exclusions(MapReader& root, LoadContext& context);
/// op_axes, op_templates and op_names.
void read_ops(MapReader& root, LoadContext& context);

/// After read_topology().
void read_bad_block_key(const YamlNode& node, LoadContext& context);

/// The sections that only a generator reads: their shape is checked, their text is kept.
void read_generator_sections(MapReader& root, LoadContext& context);
/// Keeps a key verbatim under its dotted path.
void keep_verbatim(const YamlNode& node, const std::string& path, LoadContext& context);

}  // namespace nandtlm
