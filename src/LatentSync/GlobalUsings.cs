global using static System.FormattableString;
global using System.Globalization;
