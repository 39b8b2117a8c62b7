using System.Text.RegularExpressions;
using BrainState.Programs;
using BrainState.Conformance.Generation;

namespace BrainState.UnitTests.Programs;

/// <summary>Drawings are well-formed for every program, and look as they should for one.</summary>
public sealed class DrawingTests
{
    private static readonly Program Example = Program.Parse("""
        program(%0:f32[3], %1:f32[]) {
          %2:f32[] %3:f32[3] = scan[body=program(%0:f32[], %1:f32[]) {
            %2:f32[] = mul %1 2.0:f32[]
            %3:f32[] = add %0 %2
            return %3, %2
          } length=3 num_carry=1 num_consts=0 reverse=False unroll=1] %1 %0
          %4:f32[] = exp %2
          return %4, %3
        }
        """);

    [Fact]
    public void AMermaidFlowchart() => Assert.Equal("""
        flowchart TD
          n0(["input 0: f32[3]"])
          n1(["input 1: f32[]"])
          n2["scan[length=3 num_carry=1 num_consts=0 reverse=False unroll=1]"]
          n9["exp"]
          n10(["output 0: f32[]"])
          n11(["output 1: f32[3]"])
          subgraph g1["scan body"]
            n3(["input 0: f32[]"])
            n4(["input 1: f32[]"])
            n5["mul 2.0:f32[]"]
            n6["add"]
            n7(["output 0: f32[]"])
            n8(["output 1: f32[]"])
          end
          n1 -->|"f32[]"| n2
          n0 -->|"f32[3]"| n2
          n4 -->|"f32[]"| n5
          n3 -->|"f32[]"| n6
          n5 -->|"f32[]"| n6
          n6 -->|"f32[]"| n7
          n5 -->|"f32[]"| n8
          n2 -.-> n3
          n2 -->|"f32[]"| n9
          n9 -->|"f32[]"| n10
          n2 -->|"f32[3]"| n11

        """.ReplaceLineEndings("\n"), Example.ToMermaid());

    [Fact]
    public void ADotGraph() => Assert.Equal("""
        digraph program {
          node [shape=box];
          n0 [label="input 0: f32[3]", shape=ellipse];
          n1 [label="input 1: f32[]", shape=ellipse];
          n2 [label="scan[length=3 num_carry=1 num_consts=0 reverse=False unroll=1]"];
          n9 [label="exp"];
          n10 [label="output 0: f32[]", shape=ellipse];
          n11 [label="output 1: f32[3]", shape=ellipse];
          subgraph cluster_1 {
            label="scan body";
            n3 [label="input 0: f32[]", shape=ellipse];
            n4 [label="input 1: f32[]", shape=ellipse];
            n5 [label="mul 2.0:f32[]"];
            n6 [label="add"];
            n7 [label="output 0: f32[]", shape=ellipse];
            n8 [label="output 1: f32[]", shape=ellipse];
          }
          n1 -> n2 [label="f32[]"];
          n0 -> n2 [label="f32[3]"];
          n4 -> n5 [label="f32[]"];
          n3 -> n6 [label="f32[]"];
          n5 -> n6 [label="f32[]"];
          n6 -> n7 [label="f32[]"];
          n5 -> n8 [label="f32[]"];
          n2 -> n3 [style=dotted];
          n2 -> n9 [label="f32[]"];
          n9 -> n10 [label="f32[]"];
          n2 -> n11 [label="f32[3]"];
        }

        """.ReplaceLineEndings("\n"), Example.ToGraphviz());

    [Fact]
    public void EveryFlowchartIsWellFormed() => Property.CheckPrograms(1000, static (program, _) =>
    {
        var lines = program.ToMermaid().TrimEnd('\n').Split('\n');
        Assert.Equal("flowchart TD", lines[0]);
        var (nodes, depth) = (new HashSet<string>(), 0);
        foreach (var line in lines.Skip(1).Select(static l => l.Trim()))
        {
            if (line == "end") depth--;
            else if (Regex.IsMatch(line, """^subgraph g\d+\["[^"]*"\]$""")) depth++;
            else if (Regex.Match(line, """^(n\d+)(\["[^"]*"\]|\(\["[^"]*"\]\))$""") is { Success: true } node) Assert.True(nodes.Add(node.Groups[1].Value));
            else if (Regex.Match(line, """^(n\d+) (?:-\.->|-->\|"[^"]*"\|) (n\d+)$""") is { Success: true } edge) Assert.True(nodes.Contains(edge.Groups[1].Value) && nodes.Contains(edge.Groups[2].Value), line);
            else Assert.Fail(line);
            Assert.True(depth >= 0);
        }
        Assert.Equal(0, depth);
        Assert.Equal(CountNodes(program), nodes.Count);
    });

    [Fact]
    public void EveryDotGraphIsWellFormed() => Property.CheckPrograms(1000, static (program, _) =>
    {
        const string Text = """(?:[^"\\]|\\.)*""";
        var lines = program.ToGraphviz().TrimEnd('\n').Split('\n');
        Assert.Equal("digraph program {", lines[0]);
        var (nodes, depth) = (new HashSet<string>(), 1);
        foreach (var line in lines.Skip(2).Select(static l => l.Trim()))
        {
            if (line == "}") depth--;
            else if (Regex.IsMatch(line, @"^subgraph cluster_\d+ \{$")) depth++;
            else if (Regex.Match(line, $"^(n\\d+) \\[label=\"{Text}\"(, shape=ellipse)?\\];$") is { Success: true } node) Assert.True(nodes.Add(node.Groups[1].Value));
            else if (Regex.Match(line, $"^(n\\d+) -> (n\\d+) \\[(style=dotted|label=\"{Text}\")\\];$") is { Success: true } edge)
                Assert.True(nodes.Contains(edge.Groups[1].Value) && nodes.Contains(edge.Groups[2].Value), line);
            else Assert.Matches($"^label=\"{Text}\";$", line);
        }
        Assert.Equal(0, depth);
        Assert.Equal(CountNodes(program), nodes.Count);
    });

    private static int CountNodes(Program program) =>
        program.Inputs.Length + program.Equations.Length + program.Outputs.Length + program.Equations.Sum(static e => e.Op.Bodies.Sum(CountNodes));
}
