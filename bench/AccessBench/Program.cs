using BenchmarkDotNet.Running;
using AccessBench;

BenchmarkRunner.Run<PolicyBench>(args: args);
