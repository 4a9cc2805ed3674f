global using AwesomeAssertions;
global using Xunit;
global using StreamHub.Tests.TestKit.Browsers;
global using StreamHub.Tests.TestKit.Machines;
