global using System.Globalization;
global using static System.FormattableString;
