#include "testbench/scenario/resolve.h"

#include <fmt/format.h>

namespace nandtlm {
namespace {

class Resolver {
 public:
  explicit Resolver(ScenarioContext& context) : context_(context) {}

  void body(Body& body) {
    for (ScenarioStep& step : body.steps) this->step(step);
  }

 private:
  void step(ScenarioStep& step) {
    if (step.trigger.kind == Trigger::Kind::After) moment(step.trigger.moment);
    for (OpLine& line : step.ops) {
      if (line.not_before) moment(*line.not_before);
      for (TimeExpect& time : line.expect.times) moment(time.value);
    }
    for (StateExpect& state : step.check.states) ref(state.step);
    for (ShareExpect& share : step.check.shares) ref(share.step);
    for (StepRef& end : step.check.end_order) ref(end);
    body(step.body);
  }

  void moment(Moment& moment) {
    if (moment.since) ref(*moment.since);
  }

  void ref(StepRef& ref) {
    const auto found = context_.steps.find(ref.step_name);
    if (found != context_.steps.end()) {
      ref.step = found->second.id;
      return;
    }
    const auto known = [this] {
      std::vector<std::string> names;
      for (const auto& [name, step] : context_.steps) names.push_back(name);
      return names;
    };
    context_.out.error(ref.mark, "(step)",
                       fmt::format("no step is called '{}', expected the `name` of one{}", ref.step_name,
                                   did_you_mean(ref.step_name, known, context_)));
  }

  ScenarioContext& context_;
};

/// Steps outside of loops and inside, in the order of the file: the nodes of a graph whose edges are waits.
class WaitGraph {
 public:
  WaitGraph(const Body& body, Diagnostics& out) : out_(out) {
    std::vector<StepRange> loops;
    collect(body, loops, StepRange{});
    for (Leaf& leaf : leaves_) add_named_wait(leaf);
  }

  void reject_cycles() {
    for (std::size_t i = 0; i < leaves_.size(); ++i) {
      if (leaves_[i].look == Look::Unseen) search(i);
    }
  }

 private:
  enum class Look : std::uint8_t { Unseen, OnPath, Done };
  struct Leaf {
    const ScenarioStep* step = nullptr;
    std::vector<StepRange> loops;      ///< bodies around it, outermost first
    std::vector<StepRange> waits_for;  ///< ids
    Look look = Look::Unseen;
  };
  /// A leaf of the path, and how far its edges have been followed.
  struct Visit {
    std::size_t leaf = 0;
    std::size_t range = 0;
    StepId offset = 0;
  };

  /// `before`: what comes before the body in the file's order.
  void collect(const Body& body, std::vector<StepRange>& loops, StepRange before) {
    for (const ScenarioStep& step : body.steps) {
      if (step.kind == ScenarioStep::Kind::Repeat) {
        loops.push_back(step.body.ids);
        collect(step.body, loops, before);
        loops.pop_back();
      } else {
        leaf_of_.resize(step.ids().last, leaves_.size());
        leaves_.push_back(Leaf{&step, loops, {}, Look::Unseen});
        const bool waits = step.trigger.kind == Trigger::Kind::Previous && before.size() != 0;
        if (waits) leaves_.back().waits_for.push_back(before);
      }
      before = step.ids();
    }
  }

  void add_named_wait(Leaf& leaf) {
    const Trigger& trigger = leaf.step->trigger;
    if (trigger.kind != Trigger::Kind::After || trigger.moment.since->step == kNoStep) return;
    const StepId target = trigger.moment.since->step;
    leaf.waits_for.push_back(StepRange{target, target + 1});
    // A loop around the target alone must have come to its last round: all of its steps were proposed.
    const std::vector<StepRange>& loops = leaves_[leaf_of_[target]].loops;
    for (std::size_t depth = 0; depth < loops.size(); ++depth) {
      if (depth < leaf.loops.size() && leaf.loops[depth].first == loops[depth].first) continue;
      leaf.waits_for.push_back(loops[depth]);
      return;
    }
  }

  /// Depth first, without recursion: a file may hold a chain of any length.
  void search(std::size_t start) {
    std::vector<Visit> path{{start, 0, 0}};
    leaves_[start].look = Look::OnPath;
    while (!path.empty()) {
      Visit& visit = path.back();
      Leaf& leaf = leaves_[visit.leaf];
      if (visit.range == leaf.waits_for.size()) {
        leaf.look = Look::Done;
        path.pop_back();
        continue;
      }
      const StepRange& range = leaf.waits_for[visit.range];
      const std::size_t next = leaf_of_[range.first + visit.offset];
      if (++visit.offset == range.size()) {
        visit.offset = 0;
        ++visit.range;
      }
      if (leaves_[next].look == Look::OnPath) report(path, next);
      if (leaves_[next].look != Look::Unseen) continue;
      leaves_[next].look = Look::OnPath;
      path.push_back({next, 0, 0});
    }
  }

  void report(const std::vector<Visit>& path, std::size_t first) {
    std::string chain;
    bool in_cycle = false;
    for (const Visit& visit : path) {
      in_cycle = in_cycle || visit.leaf == first;
      if (in_cycle) chain += label(visit.leaf) + " -> ";
    }
    const ScenarioStep& step = *leaves_[first].step;
    out_.error(step.trigger.moment.mark, "(step)",
               fmt::format("the step waits for itself: {}{}, expected an order in time", chain, label(first)));
  }

  std::string label(std::size_t leaf) const {
    const ScenarioStep& step = *leaves_[leaf].step;
    return step.name.empty() ? fmt::format("line {}", step.mark.line) : step.name;
  }

  Diagnostics& out_;
  std::vector<Leaf> leaves_;
  std::vector<std::size_t> leaf_of_;  ///< by id
};

}  // namespace

void resolve_references(Body& body, ScenarioContext& context) {
  Resolver(context).body(body);
}

void reject_cycles(const Body& body, Diagnostics& out) {
  WaitGraph(body, out).reject_cycles();
}

}  // namespace nandtlm
