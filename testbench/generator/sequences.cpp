#include "testbench/generator/sequences.h"

#include <algorithm>

namespace nandtlm {
namespace {

/// Of a way that a device weighs 0, where every way is wanted.
constexpr Weight kRareWay = kWeightOne / 10;

Inherit inherit(Inherit::Page page) {
  Inherit result;
  result.page = page;
  result.celltype = true;
  result.multi = true;
  return result;
}

bool is_4k(const OpBase& base) {
  return base.name.find("4K") != std::string::npos;
}
bool is_plane_level(const OpBase& base) {
  return base.name.find("PLANE") != std::string::npos;
}

}  // namespace

Sequences::Sequences(const Device& device, const Generation& generation, bool every_way)
    : device_(device), ops_of_(device.bases.size()), ways_(device.bases.size()) {
  for (std::size_t i = 0; i < device.ops.size(); ++i) ops_of_[index(device.ops[i].base)].push_back(OpId(i));
  for (std::size_t b = 0; b < device.bases.size(); ++b) {
    Ways& ways = ways_[b];
    ways.choices = generation.sequences[b];
    if (ways.choices.empty() || every_way) derive(BaseId(b), ways.choices);
    if (every_way) {
      for (SequenceChoice& choice : ways.choices) {
        if (!choice.steps.empty()) choice.weight = std::max(choice.weight, kRareWay);
      }
      // A read whose data stays in the register: a copyback program may take it from there.
      const Effects& effects = device.bases[b].effects;
      if (effects.action == Action::Read && effects.cache_begin == 0) ways.choices.push_back({kRareWay, {}});
    }
    std::vector<Weight> weights;
    for (const SequenceChoice& choice : ways.choices) {
      bool possible = true;
      for (const SequenceStep& step : choice.steps) possible = possible && !ops_of(step.base).empty();
      weights.push_back(possible ? choice.weight : 0);
    }
    ways.table = AliasTable(weights);
  }
}

const std::vector<SequenceStep>* Sequences::draw(BaseId base, Rng& rng) const {
  const Ways& ways = ways_[index(base)];
  if (ways.table.empty()) return nullptr;
  const std::vector<SequenceStep>& steps = ways.choices[ways.table.draw(rng)].steps;
  return steps.empty() ? nullptr : &steps;
}

template <typename Predicate>
std::vector<BaseId> Sequences::bases_where(Predicate&& predicate) const {
  std::vector<BaseId> bases;
  for (std::size_t b = 0; b < device_.bases.size(); ++b) {
    if (!ops_of_[b].empty() && predicate(device_.bases[b])) bases.push_back(BaseId(b));
  }
  return bases;
}

void Sequences::derive(BaseId id, std::vector<SequenceChoice>& choices) const {
  const OpBase& base = device_.base(id);
  const Effects& effects = base.effects;
  constexpr CacheMask kReads = 1U << static_cast<unsigned>(Cache::Read);
  if (effects.action == Action::Read) {
    if ((effects.cache_begin & kReads) != 0) {
      derive_cache_read(id, choices);
    } else {
      derive_read(base, choices);
    }
  } else if (effects.action == Action::Program) {
    if (effects.oneshot == Oneshot::Lsb) {
      derive_oneshot(base, choices);
    } else if (effects.cache_begin != 0 && effects.oneshot == Oneshot::No) {
      derive_cache_program(id, choices);
    }
  }
}

std::vector<BaseId> Sequences::data_outs_of(const OpBase& base) const {
  return bases_where(
      [&](const OpBase& other) { return other.effects.action == Action::DataOut && is_4k(other) == is_4k(base); });
}

/// read -> data out per plane
void Sequences::derive_read(const OpBase& base, std::vector<SequenceChoice>& choices) const {
  for (const BaseId out : data_outs_of(base)) {
    choices.push_back(SequenceChoice{kWeightOne, {SequenceStep{out, inherit(Inherit::Page::Same), {}}}});
  }
}

/// cache read, (data out, cache read of the next page)..., data out, end, data out
void Sequences::derive_cache_read(BaseId id, std::vector<SequenceChoice>& choices) const {
  const OpBase& base = device_.base(id);
  const std::vector<BaseId> ends = bases_where([&](const OpBase& other) {
    return other.effects.action == Action::None && other.effects.cache_end != 0 &&
           is_plane_level(other) == is_plane_level(base);
  });
  for (const BaseId end : ends) {
    SequenceChoice choice;
    choice.weight = kWeightOne;
    choice.steps.push_back(SequenceStep{id, inherit(Inherit::Page::Next), {}});
    const std::vector<BaseId> outs = data_outs_of(base);
    if (!outs.empty()) choice.steps.push_back(SequenceStep{outs.front(), inherit(Inherit::Page::Previous), {}});
    choice.steps.push_back(SequenceStep{end, inherit(Inherit::Page::Same), {}});
    if (!outs.empty()) choice.steps.push_back(SequenceStep{outs.front(), inherit(Inherit::Page::Same), {}});
    choices.push_back(std::move(choice));
  }
}

/// cache program, cache program of the next page..., a program that ends it
void Sequences::derive_cache_program(BaseId id, std::vector<SequenceChoice>& choices) const {
  const OpBase& base = device_.base(id);
  const std::vector<BaseId> ends = bases_where([&](const OpBase& other) {
    return other.effects.action == Action::Program && (other.effects.cache_end & base.effects.cache_begin) != 0 &&
           !other.effects.whole_block && !other.effects.copyback;
  });
  for (const BaseId end : ends) {
    SequenceChoice choice;
    choice.weight = kWeightOne;
    choice.steps.push_back(SequenceStep{id, inherit(Inherit::Page::Next), {}});
    choice.steps.push_back(SequenceStep{end, inherit(Inherit::Page::Next), {}});
    choices.push_back(std::move(choice));
  }
}

/// LSB -> CSB -> (MSB ->) one that ends it; one that keeps the cache open is followed by another one-shot program.
void Sequences::derive_oneshot(const OpBase& base, std::vector<SequenceChoice>& choices) const {
  const auto part = [&](Oneshot oneshot, bool opens_cache) {
    return bases_where([&](const OpBase& other) {
      return other.effects.action == Action::Program && other.effects.oneshot == oneshot &&
             other.effects.copyback == base.effects.copyback && (other.effects.cache_begin != 0) == opens_cache;
    });
  };
  const std::vector<BaseId> csb = part(Oneshot::Csb, false);
  if (csb.empty()) return;
  const SequenceStep load_csb{csb.front(), inherit(Inherit::Page::Same), {}};
  for (const BaseId last : part(Oneshot::Last, false)) {
    choices.push_back(SequenceChoice{kWeightOne, {load_csb, SequenceStep{last, load_csb.inherit, {}}}});
    for (const BaseId msb : part(Oneshot::Msb, false)) {
      choices.push_back(SequenceChoice{
          kWeightOne, {load_csb, SequenceStep{msb, load_csb.inherit, {}}, SequenceStep{last, load_csb.inherit, {}}}});
    }
    const std::vector<BaseId> lsb = part(Oneshot::Lsb, false);
    for (const BaseId cache : part(Oneshot::Last, true)) {
      SequenceChoice choice{kWeightOne, {load_csb, SequenceStep{cache, load_csb.inherit, {}}}};
      choice.steps.push_back(SequenceStep{lsb.front(), inherit(Inherit::Page::Next), {}});
      choice.steps.push_back(load_csb);
      choice.steps.push_back(SequenceStep{last, load_csb.inherit, {}});
      choices.push_back(std::move(choice));
    }
  }
}

}  // namespace nandtlm
